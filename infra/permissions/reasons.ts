/** Why a resource holds a wildcard, said once for all permissions of a kind. */
export const BECAUSE = {
  objects: "The keys are made at run time; the prefix is as narrow as they allow.",
  versionDatabases: "A kept version's database ends in the version's digest, after the product named.",
  logStreams: "Lambda and SageMaker name their log streams at run time, in the one group named.",
  executions: "Execution names are made at run time, of the one state machine named.",
  jobs: "Job names carry the data version and the run; they begin with the model's name.",
  versions: "Package versions are numbered by the registry, in the one group named.",
  noResourceLevel: "The action has no resource-level permission.",
} as const;

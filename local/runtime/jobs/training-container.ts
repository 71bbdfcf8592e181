/**
 * A training job's side of the container contract.
 *
 * https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo-running-container.html
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { cp, stat } from "node:fs/promises";
import { join } from "node:path";
import { unpackArchive } from "./archive.ts";
import { CODE_FOLDER, CONTAINER_ROOT, type ContainerCommand, hostPath } from "./container.ts";
import { resourceConfig } from "./processing-container.ts";
import { buildRequirements, hyperparameter, scriptMode } from "./script-mode.ts";
import { isXgboostImage, XGBOOST_ALGORITHM } from "./xgboost-algorithm.ts";

export interface TrainingContainer {
  jobName: string;
  /** TrainingImage. */
  image: string;
  hyperparameters: Readonly<Record<string, string>>;
  /** Channel name → its entry of inputdataconfig.json. */
  channels: Readonly<Record<string, object>>;
  environment: Readonly<Record<string, string>>;
  /** CheckpointConfig. */
  checkpoints?: object | undefined;
  instanceType: string;
  /** AlgorithmSpecification's own command, where the job has no script. */
  entrypoint: readonly string[];
  arguments: readonly string[];
}

type Named = Pick<TrainingContainer, "hyperparameters" | "environment">;

/** Neither a script nor an entry point: nothing to run. */
export class NothingToTrainError extends Error {
  override readonly name = "NothingToTrainError";
  readonly code = "NOTHING_TO_TRAIN";
}

/** Lays out `root` (inputs are there already) and the source in it: `sourceArchive`, or what lies under /opt/ml. */
export async function prepareTraining(
  root: string,
  container: TrainingContainer,
  sourceArchive: string | undefined,
): Promise<ContainerCommand> {
  for (const folder of ["input/config", "input/data", "model", "output/data", "checkpoints", "code"]) {
    mkdirSync(join(root, folder), { recursive: true });
  }
  const write = (name: string, value: object) =>
    writeFileSync(join(root, "input/config", name), JSON.stringify(value, null, 2));
  write("hyperparameters.json", container.hyperparameters);
  write("inputdataconfig.json", container.channels);
  write("resourceconfig.json", resourceConfig(container.instanceType));
  if (container.checkpoints !== undefined) write("checkpointconfig.json", container.checkpoints);
  await laySource(root, sourceArchive ?? hostedSource(root, container));
  const program = programOf(container);
  if (program !== undefined) return scriptMode(root, container, program);
  if (container.entrypoint.length > 0) {
    return {
      command: [...container.entrypoint, ...container.arguments],
      environment: container.environment,
      workingDirectory: CODE_FOLDER,
    };
  }
  if (isXgboostImage(container.image)) {
    return { command: XGBOOST_ALGORITHM.training, environment: container.environment, workingDirectory: CODE_FOLDER };
  }
  throw new NothingToTrainError(
    "the job has neither the hyperparameter sagemaker_program (script mode) nor a ContainerEntrypoint, and its image no built-in algorithm that runs here; give one of them",
  );
}

/** The source's requirements.txt, once it is laid out, and what else it takes to run it; `otherwise` where it has none. */
export function sourceRequirements(root: string, otherwise: () => string): string {
  const file = join(root, "code", "requirements.txt");
  const own = existsSync(file) ? readFileSync(file, "utf8") : otherwise();
  return `${own.trimEnd()}\n${buildRequirements(root)}`;
}

/** Whether a job has a script of its user's. */
export function hasProgram(job: Named): boolean {
  return programOf(job) !== undefined;
}

function programOf({ hyperparameters, environment }: Named): string | undefined {
  const named = hyperparameters.sagemaker_program ?? environment.SAGEMAKER_PROGRAM;
  const program = named === undefined ? undefined : hyperparameter(named);
  return typeof program === "string" ? program : undefined;
}

/** A source that came with a channel or in a folder of the job's own: the SageMaker Python SDK's `code` channel. */
function hostedSource(root: string, { hyperparameters }: TrainingContainer): string | undefined {
  const submitted = hyperparameter(hyperparameters.sagemaker_submit_directory ?? "");
  if (typeof submitted !== "string" || !submitted.startsWith(`${CONTAINER_ROOT}/`)) return undefined;
  const path = hostPath(root, submitted);
  return path === join(root, "code") ? undefined : path;
}

async function laySource(root: string, source: string | undefined): Promise<void> {
  if (source === undefined) return;
  const folder = join(root, "code");
  if ((await stat(source)).isDirectory()) await cp(source, folder, { recursive: true });
  else await unpackArchive(source, folder);
}

/** Operations on workgroups, their tags, and the engine versions they may choose. */
import type { ResultConfigurationUpdates, WorkGroupConfigurationUpdates } from "@aws-sdk/client-athena";
import { AwsError } from "../../aws-error.ts";
import type { Operations } from "../../define-service.ts";
import { pageByOffset } from "../../page-by-offset.ts";
import type { Athena, Sdk } from "./context.ts";
import { ENGINE } from "./describe-query.ts";
import { invalidRequest } from "./errors.ts";
import { Configuration, type WorkGroup } from "./work-groups.ts";

const PAGE = 50;

export function workGroupOperations(athena: Athena): Operations<Sdk> {
  const { home, workGroups, tags } = athena;
  const arn = (name = "primary") => `arn:aws:athena:${home.region}:${home.accountId}:workgroup/${name}`;
  const authorize = ({ WorkGroup }: { WorkGroup?: string | undefined }) => ({ resource: arn(WorkGroup) });
  return {
    CreateWorkGroup: {
      authorize: ({ Name, Tags = [] }) => [
        { resource: arn(Name) },
        ...(Tags.length > 0 ? [{ action: "athena:TagResource", resource: arn(Name) }] : []),
      ],
      handle({ Name: name = "", Description: description, Configuration: given = {}, Tags = [] }) {
        if (workGroups.all().some((group) => group.name === name)) throw invalidRequest("WorkGroup is already created");
        const createdMs = home.clock.now();
        workGroups.put({ name, description, state: "ENABLED", configuration: configurationOf(given), createdMs });
        tags.replace(arn(name), Tags);
        return {};
      },
    },
    GetWorkGroup: {
      authorize,
      handle: ({ WorkGroup = "primary" }) => ({ WorkGroup: describeGroup(workGroups.get(WorkGroup)) }),
    },
    ListWorkGroups: {
      handle({ NextToken, MaxResults = PAGE }) {
        const page = pageByOffset(workGroups.all(), MaxResults, NextToken);
        if (page === undefined) throw invalidRequest("NextToken is not valid");
        const summaries = page.items.map((group) => {
          const { Configuration: configuration, ...summary } = describeGroup(group);
          return { ...summary, EngineVersion: configuration.EngineVersion };
        });
        return { WorkGroups: summaries, NextToken: page.nextToken };
      },
    },
    UpdateWorkGroup: {
      authorize,
      handle({ WorkGroup = "", Description, State, ConfigurationUpdates = {} }) {
        const group = workGroups.get(WorkGroup);
        workGroups.put({
          ...group,
          description: Description ?? group.description,
          state: State ?? group.state,
          configuration: configurationOf(updated(group.configuration, ConfigurationUpdates)),
        });
        return {};
      },
    },
    DeleteWorkGroup: {
      authorize,
      handle({ WorkGroup = "", RecursiveDeleteOption = false }) {
        if (WorkGroup === "primary") throw invalidRequest("Primary WorkGroup could not be deleted");
        const { name } = workGroups.get(WorkGroup);
        if (!RecursiveDeleteOption && isUsed(athena, name)) throw invalidRequest(`WorkGroup ${name} is not empty`);
        deleteWorkGroup(athena, name);
        return {};
      },
    },
    ListEngineVersions: {
      handle: () => ({
        EngineVersions: [
          { SelectedEngineVersion: "AUTO", EffectiveEngineVersion: ENGINE },
          { SelectedEngineVersion: ENGINE, EffectiveEngineVersion: ENGINE },
        ],
      }),
    },
  };
}

/** Removes a workgroup with what it has of its own. */
export function deleteWorkGroup({ home, workGroups, prepared, named, tags }: Athena, name: string): void {
  home.store.transaction(() => {
    workGroups.delete(name);
    prepared.deleteAll(name);
    named.deleteAll(name);
    tags.replace(`arn:aws:athena:${home.region}:${home.accountId}:workgroup/${name}`, []);
  });
}

export function tagOperations({ home, workGroups, tags }: Athena): Operations<Sdk> {
  const authorize = ({ ResourceARN = "*" }: { ResourceARN?: string | undefined }) => ({ resource: ResourceARN });
  const required = (arn = "") => {
    const prefix = `arn:aws:athena:${home.region}:${home.accountId}:workgroup/`;
    const name = arn.startsWith(prefix) ? arn.slice(prefix.length) : "";
    if (workGroups.all().some((group) => group.name === name)) return arn;
    throw new AwsError("ResourceNotFoundException", `Resource ${arn} was not found`, { fields: { ResourceName: arn } });
  };
  return {
    TagResource: {
      authorize,
      handle({ ResourceARN, Tags = [] }) {
        tags.put(required(ResourceARN), Tags);
        return {};
      },
    },
    UntagResource: {
      authorize,
      handle({ ResourceARN, TagKeys = [] }) {
        tags.remove(required(ResourceARN), TagKeys);
        return {};
      },
    },
    ListTagsForResource: { authorize, handle: ({ ResourceARN }) => ({ Tags: tags.list(required(ResourceARN)) }) },
  };
}

function isUsed({ queries, prepared, named }: Athena, name: string): boolean {
  return [queries, prepared, named].some((kept) => kept.ofWorkGroup(name).length > 0);
}

function configurationOf(given: object): WorkGroup["configuration"] {
  const parsed = Configuration.safeParse(JSON.parse(JSON.stringify(given)));
  if (!parsed.success) throw invalidRequest(`Configuration: ${parsed.error.message}`);
  return parsed.data;
}

/** `Remove…` takes a setting away, what is not named stays. */
function updated(current: WorkGroup["configuration"], changes: WorkGroupConfigurationUpdates): object {
  const { ResultConfigurationUpdates, ...rest } = changes;
  const { ResultConfiguration, ...others } = current;
  return {
    ...merged(others, rest),
    ResultConfiguration: merged(ResultConfiguration ?? {}, ResultConfigurationUpdates ?? {}),
  };
}

function merged(
  current: object,
  changes: Omit<WorkGroupConfigurationUpdates, "ResultConfigurationUpdates"> | ResultConfigurationUpdates,
) {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  const removed = new Set(
    given
      .filter(([name, value]) => name.startsWith("Remove") && value === true)
      .map(([name]) => name.slice("Remove".length)),
  );
  const kept = { ...current, ...Object.fromEntries(given.filter(([name]) => !name.startsWith("Remove"))) };
  return Object.fromEntries(Object.entries(kept).filter(([name]) => !removed.has(name)));
}

function describeGroup(group: WorkGroup) {
  const chosen = group.configuration.EngineVersion?.SelectedEngineVersion ?? "AUTO";
  return {
    Name: group.name,
    State: group.state,
    Description: group.description,
    CreationTime: new Date(group.createdMs),
    Configuration: {
      EnforceWorkGroupConfiguration: true,
      ...group.configuration,
      EngineVersion: { SelectedEngineVersion: chosen, EffectiveEngineVersion: ENGINE },
    },
  };
}

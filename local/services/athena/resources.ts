/** AWS::Athena::WorkGroup, NamedQuery and PreparedStatement. */
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";
import type { ResourceType } from "../../define-service.ts";
import { cfnTags, parseProperties } from "../../parse-properties.ts";
import type { Athena } from "./context.ts";
import { ENGINE } from "./describe-query.ts";
import { checkPrepared } from "./prepared-statements.ts";
import { deleteWorkGroup } from "./work-group-operations.ts";
import { Configuration } from "./work-groups.ts";

const GroupProperties = z.strictObject({
  Name: z.string(),
  Description: z.string().optional(),
  State: z.enum(["ENABLED", "DISABLED"]).optional(),
  RecursiveDeleteOption: z.unknown().optional(),
  WorkGroupConfiguration: Configuration.optional(),
  Tags: cfnTags.default([]),
});
const NamedProperties = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  Database: z.string(),
  QueryString: z.string(),
  WorkGroup: z.string().default("primary"),
});
const PreparedProperties = z.strictObject({
  StatementName: z.string(),
  WorkGroup: z.string(),
  QueryStatement: z.string(),
  Description: z.string().optional(),
});

export function athenaResources(athena: Athena): Record<string, ResourceType> {
  return {
    "AWS::Athena::WorkGroup": workGroupType(athena),
    "AWS::Athena::NamedQuery": namedQueryType(athena),
    "AWS::Athena::PreparedStatement": preparedStatementType(athena),
  };
}

function workGroupType(athena: Athena): ResourceType {
  const { home, workGroups, tags } = athena;
  const put = (properties: unknown, createdMs: number) => {
    const given = parseProperties("AWS::Athena::WorkGroup", GroupProperties, properties);
    const { Name: name, Description: description, State: state = "ENABLED", WorkGroupConfiguration = {} } = given;
    workGroups.put({ name, description, state, configuration: WorkGroupConfiguration, createdMs });
    tags.replace(`arn:aws:athena:${home.region}:${home.accountId}:workgroup/${name}`, given.Tags);
    const CreationTime = String(Math.floor(createdMs / 1000));
    const EffectiveEngineVersion = { "WorkGroupConfiguration.EngineVersion.EffectiveEngineVersion": ENGINE };
    return { physicalId: name, attributes: { CreationTime, ...EffectiveEngineVersion } };
  };
  return {
    properties: GroupProperties,
    create: (properties) => put(properties, home.clock.now()),
    update(properties, current) {
      const name = z.object({ Name: z.string() }).safeParse(properties).data?.Name;
      if (name !== current.physicalId) return "replace";
      return put(properties, workGroups.get(current.physicalId).createdMs);
    },
    delete: ({ physicalId }) => deleteWorkGroup(athena, physicalId),
  };
}

/** Every change replaces it, as on AWS. */
function namedQueryType({ home, workGroups, named }: Athena): ResourceType {
  return {
    properties: NamedProperties,
    create(properties, context) {
      const given = parseProperties("AWS::Athena::NamedQuery", NamedProperties, properties);
      const id = home.uuid();
      named.put({
        id,
        name: given.Name ?? context.generateName(128),
        database: given.Database,
        text: given.QueryString,
        workGroup: workGroups.get(given.WorkGroup).name,
        ...(given.Description === undefined ? {} : { description: given.Description }),
      });
      return { physicalId: id, attributes: { NamedQueryId: id } };
    },
    delete: ({ physicalId }) => named.delete(physicalId),
  };
}

function preparedStatementType({ workGroups, prepared }: Athena): ResourceType {
  const parse = (properties: unknown) =>
    parseProperties("AWS::Athena::PreparedStatement", PreparedProperties, properties);
  const put = ({
    StatementName: name,
    WorkGroup,
    QueryStatement: statement,
    Description,
  }: z.infer<typeof PreparedProperties>) => {
    checkPrepared(name, statement);
    const workGroup = workGroups.get(WorkGroup).name;
    prepared.put({ workGroup, name, statement, description: Description });
    return { physicalId: name, attributes: { WorkGroup: workGroup } };
  };
  return {
    properties: PreparedProperties,
    create(properties) {
      const given = parse(properties);
      if (prepared.find(given.WorkGroup, given.StatementName) !== undefined)
        throw new AwsError(
          "AlreadyExists",
          `prepared statement ${given.StatementName} of ${given.WorkGroup} already exists`,
        );
      return put(given);
    },
    update(properties, current) {
      const given = parse(properties);
      const same = given.StatementName === current.physicalId && given.WorkGroup === current.attributes.WorkGroup;
      return same ? put(given) : "replace";
    },
    delete: ({ physicalId, attributes }) => prepared.delete(String(attributes.WorkGroup), physicalId),
  };
}

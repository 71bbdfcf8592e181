/** AWS::StepFunctions::StateMachine. */
import { Readable } from "node:stream";
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts, ResourceContext, ResourceState, ResourceType } from "../../define-service.ts";
import { cfnBoolean, cfnTags } from "../../parse-properties.ts";
import type { ExecutionRunner } from "./execution-runner.ts";
import { INITIAL_REVISION, type MachineRecord, type MachineStore } from "./machine-store.ts";
import { readExpressions } from "./read-expressions.ts";
import { checkName } from "./request-checks.ts";
import { type TagStore, tagsOf } from "./tags.ts";

const LoggingConfiguration = z.object({
  Level: z.string().optional(),
  IncludeExecutionData: cfnBoolean.optional(),
  Destinations: z.array(z.object({ CloudWatchLogsLogGroup: z.object({ LogGroupArn: z.string() }) })).optional(),
});

const Properties = z.strictObject({
  StateMachineName: z.string().optional(),
  StateMachineType: z.enum(["STANDARD", "EXPRESS"]).default("STANDARD"),
  RoleArn: z.string(),
  DefinitionString: z.string().optional(),
  Definition: z.record(z.string(), z.unknown()).optional(),
  DefinitionS3Location: z.object({ Bucket: z.string(), Key: z.string(), Version: z.string().optional() }).optional(),
  DefinitionSubstitutions: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  LoggingConfiguration: LoggingConfiguration.optional(),
  EncryptionConfiguration: z.looseObject({ Type: z.string() }).optional(),
  TracingConfiguration: z.object({ Enabled: z.union([z.boolean(), z.stringbool()]).optional() }).optional(),
  Tags: cfnTags.default([]),
});
type Properties = z.infer<typeof Properties>;

export function stateMachineResource(
  home: HomePorts,
  machines: MachineStore,
  runner: ExecutionRunner,
  tags: TagStore,
): ResourceType {
  const save = async (properties: Properties, name: string): Promise<ResourceState> => {
    const definition = substitute(await definitionText(home, properties), properties.DefinitionSubstitutions ?? {});
    const readings = await readExpressions(definition);
    const machine = machines.save(
      {
        name: checkName(name),
        type: properties.StateMachineType,
        roleArn: properties.RoleArn,
        definition,
        logging: loggingOf(properties.LoggingConfiguration),
        tracing: properties.TracingConfiguration?.Enabled ?? false,
        encryption: encryptionOf(properties.EncryptionConfiguration),
      },
      readings,
    );
    tags.replace(machine.arn, tagsOf(properties.Tags));
    return toState(machine);
  };
  const nameOf = (properties: Properties, context: ResourceContext) =>
    properties.StateMachineName ?? context.generateName(80);
  return {
    properties: Properties,
    create(raw, context) {
      const properties = Properties.parse(raw);
      return save(properties, nameOf(properties, context));
    },
    update(raw, current, context) {
      const properties = Properties.parse(raw);
      const machine = machines.require(current.physicalId);
      const name = nameOf(properties, context);
      if (machine.name !== name || machine.type !== properties.StateMachineType) return "replace";
      return save(properties, name);
    },
    // CloudFormation waits until the machine is gone; here its executions are stopped, so that it is gone at once.
    async delete({ physicalId }) {
      for (const arn of machines.startDeleting(physicalId)) await runner.input(arn, { kind: "stop" });
    },
  };
}

function toState(machine: MachineRecord): ResourceState {
  return {
    physicalId: machine.arn,
    attributes: {
      Arn: machine.arn,
      Name: machine.name,
      StateMachineRevisionId: machine.revisionId ?? INITIAL_REVISION,
    },
  };
}

function loggingOf(configuration: Properties["LoggingConfiguration"]): object | undefined {
  if (configuration === undefined) return undefined;
  const { Level = "OFF", IncludeExecutionData = false, Destinations = [] } = configuration;
  const destinations = Destinations.map(({ CloudWatchLogsLogGroup: { LogGroupArn: logGroupArn } }) => ({
    cloudWatchLogsLogGroup: { logGroupArn },
  }));
  return { level: Level, includeExecutionData: IncludeExecutionData, destinations };
}

function encryptionOf(configuration: Properties["EncryptionConfiguration"]): object | undefined {
  if (configuration === undefined) return undefined;
  const { Type: type, KmsKeyId: kmsKeyId, KmsDataKeyReusePeriodSeconds: period } = configuration;
  return { type, kmsKeyId, kmsDataKeyReusePeriodSeconds: period === undefined ? undefined : Number(period) };
}

async function definitionText(home: HomePorts, properties: Properties): Promise<string> {
  if (properties.DefinitionString !== undefined) return properties.DefinitionString;
  if (properties.Definition !== undefined) return JSON.stringify(properties.Definition);
  const location = properties.DefinitionS3Location;
  if (location === undefined) {
    throw new AwsError(
      "ValidationError",
      "AWS::StepFunctions::StateMachine needs DefinitionString, Definition or DefinitionS3Location",
    );
  }
  const object = await home.call(
    "s3",
    "GetObject",
    { Bucket: location.Bucket, Key: location.Key, VersionId: location.Version },
    { kind: "home", accountId: home.accountId },
  );
  const body: unknown = typeof object === "object" && object !== null ? Reflect.get(object, "Body") : undefined;
  if (body instanceof Readable) return Buffer.concat(await body.toArray()).toString("utf8");
  if (body instanceof Uint8Array) return Buffer.from(body).toString("utf8");
  return String(body);
}

/** `${Name}` by its value, as CloudFormation does: unknown names are left. */
function substitute(text: string, values: Readonly<Record<string, string | number | boolean>>): string {
  return text.replaceAll(/\$\{([A-Za-z0-9_]+)\}/g, (whole, name: string) =>
    Object.hasOwn(values, name) ? String(values[name]) : whole,
  );
}

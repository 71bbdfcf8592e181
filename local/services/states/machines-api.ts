/** State machines through the API. Source: https://docs.aws.amazon.com/step-functions/latest/apireference/ */
import type * as Sdk from "@aws-sdk/client-sfn";
import { type ExpressionReadings, validateStateMachineDefinition } from "../../../engine/states/index.ts";
import { taskApis } from "../../api-models/task-apis.ts";
import { AwsError } from "../../aws-error.ts";
import type { Operations } from "../../define-service.ts";
import { baseArn } from "./arns.ts";
import { checkPublish, createMachine, type MachineParts } from "./create-machine.ts";
import { type MachineRecord, revisionId } from "./machine-store.ts";
import { decodePageToken, pageOf } from "./page-token.ts";
import { readExpressions } from "./read-expressions.ts";
import { checkArn, checkOneOf, checkRange, pageSize } from "./request-checks.ts";
import type { Targets } from "./versions/start-target.ts";

type Names =
  | "CreateStateMachine"
  | "UpdateStateMachine"
  | "DeleteStateMachine"
  | "DescribeStateMachine"
  | "ListStateMachines"
  | "ValidateStateMachineDefinition";

export function machineOperations(parts: MachineParts): Pick<Operations<typeof Sdk>, Names> {
  const { machines } = parts;
  return {
    CreateStateMachine: {
      authorize: ({ name }) => ({ resource: machines.arnOf(name ?? "") }),
      handle: (input) => createMachine(parts, input),
    },
    UpdateStateMachine: { authorize: byArn, handle: (input) => update(parts, input) },
    DeleteStateMachine: {
      authorize: byArn,
      handle({ stateMachineArn }) {
        // Executions that still run end by themselves, at their next transition.
        machines.startDeleting(baseArn(checkArn(stateMachineArn, "stateMachine")));
        return {};
      },
    },
    DescribeStateMachine: { authorize: byArn, handle: ({ stateMachineArn }) => describe(parts, stateMachineArn) },
    ListStateMachines: { handle: (input) => list(parts, input) },
    ValidateStateMachineDefinition: { authorize: () => [], handle: validate },
  };
}

function byArn({ stateMachineArn }: { stateMachineArn?: string | undefined }) {
  return { resource: stateMachineArn ?? "*" };
}

async function update(targets: Targets, input: Sdk.UpdateStateMachineCommandInput) {
  return updated(targets, input, await readExpressions(input.definition));
}

function updated(
  { machines, versions }: Targets,
  input: Sdk.UpdateStateMachineCommandInput,
  readings: ExpressionReadings,
) {
  const { definition, roleArn, loggingConfiguration, tracingConfiguration, encryptionConfiguration } = input;
  const current = machines.requireActive(checkArn(input.stateMachineArn, "stateMachine"));
  checkPublish(input);
  const changes = [definition, roleArn, loggingConfiguration, tracingConfiguration, encryptionConfiguration];
  if (changes.every((change) => change === undefined)) {
    const members =
      "definition, the role ARN, the LoggingConfiguration, the TracingConfiguration, or the EncryptionConfiguration";
    throw new AwsError("MissingRequiredParameter", `Either the ${members} must be specified`);
  }
  const saved = machines.save(
    {
      name: current.name,
      type: current.type,
      roleArn: roleArn ?? current.roleArn,
      definition: definition ?? current.definition,
      logging: loggingConfiguration ?? current.logging,
      tracing: tracingConfiguration?.enabled ?? current.tracing,
      encryption: encryptionConfiguration ?? current.encryption,
    },
    readings,
  );
  const version = input.publish ? versions.publish(saved, input.versionDescription) : undefined;
  return {
    updateDate: new Date(saved.updatedMs),
    revisionId: saved.revisionId,
    ...(version === undefined ? {} : { stateMachineVersionArn: version.arn }),
  };
}

function describe({ machines, versions }: Targets, stateMachineArn: string | undefined) {
  const arn = checkArn(stateMachineArn, "stateMachine");
  const machine = machines.require(baseArn(arn));
  if (arn === machine.arn) return described(machine);
  const version = versions.find(arn);
  if (version === undefined) throw new AwsError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
  return {
    ...described(machine),
    stateMachineArn: arn,
    definition: machines.definitionOf(version.revision),
    roleArn: version.roleArn,
    creationDate: new Date(version.createdMs),
    ...revisionOf(machine, version),
    ...(version.description === undefined ? {} : { description: version.description }),
  };
}

function described(machine: MachineRecord) {
  return {
    stateMachineArn: machine.arn,
    name: machine.name,
    status: machine.deleting ? ("DELETING" as const) : ("ACTIVE" as const),
    definition: machine.definition,
    roleArn: machine.roleArn,
    type: machine.type,
    creationDate: new Date(machine.createdMs),
    ...configuration(machine),
    ...(machine.revisionId === undefined ? {} : { revisionId: machine.revisionId }),
  };
}

/** What a version or an execution of the machine has of it. */
export function revisionOf(
  machine: MachineRecord,
  { revision, roleArn }: { revision: string; roleArn: string },
): { revisionId?: string } {
  return machine.revisionId === undefined ? {} : { revisionId: revisionId(revision, roleArn) };
}

/** What DescribeStateMachine and DescribeStateMachineForExecution tell besides the definition. */
export function configuration(machine: MachineRecord) {
  return {
    loggingConfiguration: { level: "OFF" as const, includeExecutionData: false, ...machine.logging },
    tracingConfiguration: { enabled: machine.tracing },
    encryptionConfiguration: { type: "AWS_OWNED_KEY" as const, ...machine.encryption },
  };
}

function list({ machines }: Targets, { maxResults, nextToken }: Sdk.ListStateMachinesCommandInput) {
  const limit = pageSize(maxResults);
  const after = decodePageToken(nextToken);
  const found = machines.list(after && { createdMs: after.number, arn: after.text }, limit + 1);
  const { page, nextToken: more } = pageOf(found, limit, ({ createdMs, arn }) => ({ number: createdMs, text: arn }));
  return {
    stateMachines: page.map(({ arn, name, type, createdMs }) => ({
      stateMachineArn: arn,
      name,
      type,
      creationDate: new Date(createdMs),
    })),
    ...more,
  };
}

async function validate(input: Sdk.ValidateStateMachineDefinitionCommandInput) {
  checkOneOf("type", input.type, ["STANDARD", "EXPRESS"]);
  checkOneOf("severity", input.severity, ["ERROR", "WARNING"]);
  checkRange("maxResults", input.maxResults, 0, 100);
  const { result, diagnostics, truncated } = validateStateMachineDefinition(
    { ...input, definition: input.definition ?? "" },
    { apis: taskApis, readings: await readExpressions(input.definition) },
  );
  return {
    result,
    diagnostics: diagnostics.map(({ severity, code, message, location }) => ({
      ...{ severity, code, message },
      // AWS leaves the place out where it names none.
      ...(location === "" ? {} : { location }),
    })),
    truncated,
  };
}

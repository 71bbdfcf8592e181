/** CreateStateMachine: made once; the same request again is the same state machine. */
import type * as Sdk from "@aws-sdk/client-sfn";
import { createRequestProblem, type ExpressionReadings } from "../../../engine/states/index.ts";
import { AwsError } from "../../aws-error.ts";
import type { MachineRecord } from "./machine-store.ts";
import { readExpressions } from "./read-expressions.ts";
import { checkLength, checkName, checkOneOf, invalidArn } from "./request-checks.ts";
import type { TagStore } from "./tags.ts";
import type { Targets } from "./versions/start-target.ts";

export interface MachineParts extends Targets {
  tags: TagStore;
}

/** @throws AwsError InvalidName, InvalidArn, InvalidDefinition, InvalidLoggingConfiguration, ValidationException, StateMachineAlreadyExists, StateMachineDeleting */
export async function createMachine(parts: MachineParts, input: Sdk.CreateStateMachineCommandInput) {
  return create(parts, input, await readExpressions(input.definition));
}

function create(
  { machines, versions, tags }: MachineParts,
  input: Sdk.CreateStateMachineCommandInput,
  readings: ExpressionReadings,
) {
  const name = checkName(input.name);
  checkOneOf("type", input.type, ["STANDARD", "EXPRESS"]);
  const wanted = {
    name,
    type: input.type ?? "STANDARD",
    roleArn: checkRole(input.roleArn),
    definition: input.definition ?? "",
    logging: input.loggingConfiguration,
    tracing: input.tracingConfiguration?.enabled ?? false,
    encryption: input.encryptionConfiguration,
  } as const;
  checkPublish(input);
  const existing = machines.find(machines.arnOf(name));
  if (existing?.deleting)
    throw new AwsError("StateMachineDeleting", `State Machine is being deleted: '${existing.arn}'`);
  if (existing !== undefined && !same(existing, wanted))
    throw new AwsError("StateMachineAlreadyExists", `State Machine Already Exists: '${existing.arn}'`);
  const saved = existing ?? machines.save(wanted, readings);
  if (existing === undefined) tags.put(saved.arn, input.tags ?? []);
  const version = input.publish ? versions.publish(saved, input.versionDescription) : undefined;
  return {
    stateMachineArn: saved.arn,
    creationDate: new Date(saved.createdMs),
    ...(version === undefined ? {} : { stateMachineVersionArn: version.arn }),
  };
}

/** @throws AwsError ValidationException */
export function checkPublish(input: { publish?: boolean | undefined; versionDescription?: string | undefined }): void {
  const problem = createRequestProblem(input);
  if (problem !== undefined) throw new AwsError("ValidationException", problem);
  checkLength("versionDescription", input.versionDescription, 0, 256);
}

const COMPARED = ["type", "roleArn", "definition", "logging", "tracing", "encryption"] as const;

function same(existing: MachineRecord, wanted: Pick<MachineRecord, (typeof COMPARED)[number]>): boolean {
  return COMPARED.every((member) => JSON.stringify(existing[member]) === JSON.stringify(wanted[member]));
}

function checkRole(roleArn: string | undefined): string {
  if (roleArn !== undefined && /^arn:[\w-]+:iam::\d{12}:role\/.+$/.test(roleArn)) return roleArn;
  throw invalidArn(roleArn ?? "");
}

/** Stacks and their resources in the SDK's shapes. */
import type { Stack } from "@aws-sdk/client-cloudformation";
import type { LedgerEntry, StackRecord, Stacks } from "../../assembly/index.ts";
import { AwsError } from "../../aws-error.ts";

/** @throws AwsError ValidationError, as CloudFormation words it */
export function existing(stacks: Stacks, reference: string): StackRecord {
  const found = stacks.find(reference);
  if (found === undefined) throw new AwsError("ValidationError", `Stack with id ${reference} does not exist`);
  return found;
}

export function holding(stacks: Stacks, physicalId = ""): StackRecord {
  const found = stacks.holding(physicalId);
  if (found === undefined) throw new AwsError("ValidationError", `Stack for ${physicalId} does not exist`);
  return found;
}

export function described(record: StackRecord): Stack {
  return {
    ...stackOf(record),
    StackStatus: record.updatedMs === undefined ? "CREATE_COMPLETE" : "UPDATE_COMPLETE",
    CreationTime: new Date(record.createdMs),
    ...(record.updatedMs === undefined ? {} : { LastUpdatedTime: new Date(record.updatedMs) }),
    Description: record.description,
    Parameters: record.parameters.map(({ key, value }) => ({ ParameterKey: key, ParameterValue: value })),
    Outputs: record.outputs.map(({ key, value, description, exportName }) => ({
      OutputKey: key,
      OutputValue: value,
      Description: description,
      ExportName: exportName,
    })),
    Capabilities: ["CAPABILITY_NAMED_IAM"],
    DisableRollback: false,
    EnableTerminationProtection: record.terminationProtection ?? false,
    Tags: [],
  };
}

export function stackOf({ name, id }: StackRecord) {
  return { StackName: name, StackId: id };
}

export function summary({ logicalId, type, status, state }: LedgerEntry) {
  return {
    LogicalResourceId: logicalId,
    PhysicalResourceId: state.physicalId,
    ResourceType: type,
    ResourceStatus: status === "created" ? ("CREATE_COMPLETE" as const) : ("CREATE_IN_PROGRESS" as const),
  };
}

export function changedAt({ createdMs, updatedMs }: StackRecord): Date {
  return new Date(updatedMs ?? createdMs);
}

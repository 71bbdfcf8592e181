/** The model registry: versions of a group, their approval, and the event each change emits. */
import type {
  BatchDescribeModelPackageOutput,
  BatchDescribeModelPackageSummary,
  DescribeModelPackageOutput,
  UpdateModelPackageInput,
} from "@aws-sdk/client-sagemaker";
import type { Operations } from "../../define-service.ts";
import { arnOf, type Context, now } from "./context.ts";
import { required, validation } from "./errors.ts";
import { findGroup } from "./model-package-groups.ts";
import { page } from "./page.ts";
import { eventDetail } from "./state-events.ts";

type Sdk = typeof import("@aws-sdk/client-sagemaker");
type Built =
  | "CreateModelPackage"
  | "DescribeModelPackage"
  | "UpdateModelPackage"
  | "ListModelPackages"
  | "BatchDescribeModelPackage"
  | "DeleteModelPackage";

const KIND = "model-package";
/** No client checks it, and a misspelt one would stand in the registry and release nothing. */
const APPROVALS = ["Approved", "Rejected", "PendingManualApproval"];

interface Progress {
  clientToken?: string;
}

/** A package by ARN or name. @throws ValidationException when there is none */
export function findPackage(context: Context, arnOrName: string): DescribeModelPackageOutput {
  const name = arnOrName.slice(arnOrName.indexOf("/") + 1);
  const record = context.records.find<DescribeModelPackageOutput>(KIND, name);
  if (record === undefined) throw validation(`ModelPackage ${arnOf(context, KIND, name)} does not exist.`);
  return record.document;
}

function describeMany(context: Context, arns: readonly string[]): BatchDescribeModelPackageOutput {
  const found = arns.map((arn) => {
    const record = context.records.find<DescribeModelPackageOutput>(KIND, arn.slice(arn.indexOf("/") + 1));
    return [arn, record?.document] as const;
  });
  const missing = (arn: string) => ({
    ErrorCode: "ValidationException",
    ErrorResponse: `ModelPackage ${arn} does not exist.`,
  });
  return {
    ModelPackageSummaries: Object.fromEntries(
      found.flatMap(([arn, document]) => (document === undefined ? [] : [[arn, batchSummary(document)]])),
    ),
    BatchDescribeModelPackageErrorMap: Object.fromEntries(
      found.flatMap(([arn, document]) => (document === undefined ? [[arn, missing(arn)]] : [])),
    ),
  };
}

function batchSummary(document: DescribeModelPackageOutput): BatchDescribeModelPackageSummary {
  const { ModelPackageGroupName, ModelPackageVersion, ModelPackageArn, ModelPackageDescription } = document;
  const { CreationTime, InferenceSpecification, ModelPackageStatus, ModelApprovalStatus } = document;
  return {
    ModelPackageGroupName,
    ModelPackageVersion,
    ModelPackageArn,
    ModelPackageDescription,
    CreationTime,
    InferenceSpecification,
    ModelPackageStatus,
    ModelApprovalStatus,
  };
}

export function modelPackageOperations(context: Context): Pick<Operations<Sdk>, Built> {
  const { records, tags } = context;
  const onPackage = (arnOrName = "*") => ({
    resource: arnOrName.startsWith("arn:") ? arnOrName : arnOf(context, KIND, arnOrName),
  });
  return {
    CreateModelPackage: {
      authorize: ({ ModelPackageGroupName, ModelPackageName }) =>
        ModelPackageGroupName === undefined
          ? onPackage(ModelPackageName)
          : [
              { resource: arnOf(context, "model-package-group", shortName(ModelPackageGroupName)) },
              onPackage(`${shortName(ModelPackageGroupName)}/*`),
            ],
      handle(input) {
        checkApproval(input.ModelApprovalStatus);
        const known = sameRequest(context, input.ClientToken);
        if (known !== undefined) return { ModelPackageArn: known };
        const { ClientToken, Tags, ...request } = input;
        const identity = newIdentity(context, input.ModelPackageGroupName, input.ModelPackageName);
        const at = now(context);
        const document: DescribeModelPackageOutput = {
          ...request,
          ...identity,
          CreationTime: at,
          LastModifiedTime: at,
          ModelPackageStatus: "Completed",
          ModelPackageStatusDetails: { ValidationStatuses: [], ImageScanStatuses: [] },
          CertifyForMarketplace: input.CertifyForMarketplace ?? false,
          ...(identity.ModelPackageVersion !== undefined && {
            ModelApprovalStatus: input.ModelApprovalStatus ?? "PendingManualApproval",
          }),
        };
        const progress: Progress = ClientToken === undefined ? {} : { clientToken: ClientToken };
        records.insert(KIND, nameOf(identity.ModelPackageArn), document, progress);
        tags.add(identity.ModelPackageArn, Tags);
        announce(context, document);
        return { ModelPackageArn: identity.ModelPackageArn };
      },
    },
    DescribeModelPackage: {
      authorize: ({ ModelPackageName }) => onPackage(ModelPackageName),
      handle: ({ ModelPackageName }) => findPackage(context, required(ModelPackageName, "modelPackageName")),
    },
    BatchDescribeModelPackage: {
      authorize: ({ ModelPackageArnList = [] }) => ModelPackageArnList.map((arn) => onPackage(arn)),
      handle: ({ ModelPackageArnList = [] }) => describeMany(context, ModelPackageArnList),
    },
    UpdateModelPackage: {
      authorize: ({ ModelPackageArn }) => onPackage(ModelPackageArn),
      handle(input) {
        checkApproval(input.ModelApprovalStatus);
        const current = findPackage(context, required(input.ModelPackageArn, "modelPackageArn"));
        const updated = { ...current, ...changes(current, input), LastModifiedTime: now(context) };
        const name = nameOf(current.ModelPackageArn ?? "");
        records.update(KIND, name, updated, records.find<object, Progress>(KIND, name)?.progress);
        // Approving what is approved already is no change of state: nothing is to be released again.
        if (updated.ModelApprovalStatus !== current.ModelApprovalStatus) announce(context, updated);
        return { ModelPackageArn: current.ModelPackageArn };
      },
    },
    ListModelPackages: {
      authorize: ({ ModelPackageGroupName }) => ({
        resource:
          ModelPackageGroupName === undefined
            ? "*"
            : arnOf(context, "model-package-group", shortName(ModelPackageGroupName)),
      }),
      handle: (input) => list(context, input),
    },
    DeleteModelPackage: {
      authorize: ({ ModelPackageName }) => onPackage(ModelPackageName),
      handle({ ModelPackageName }) {
        const { ModelPackageArn = "" } = findPackage(context, required(ModelPackageName, "modelPackageName"));
        records.remove(KIND, nameOf(ModelPackageArn));
        tags.remove(ModelPackageArn);
        return {};
      },
    },
  };
}

type ListRequest = Parameters<NonNullable<Operations<Sdk>["ListModelPackages"]>["handle"]>[0];

function list(context: Context, input: ListRequest) {
  const { ModelPackageGroupName, ModelApprovalStatus } = input;
  const group = ModelPackageGroupName === undefined ? undefined : findGroup(context, ModelPackageGroupName);
  const packages = context.records
    .list<DescribeModelPackageOutput>(KIND)
    .map(({ name, document }) => ({ name, document, createdAt: document.CreationTime ?? new Date(0) }))
    .filter(({ document }) => document.ModelPackageGroupName === group?.ModelPackageGroupName)
    .filter(({ document }) => !ModelApprovalStatus || document.ModelApprovalStatus === ModelApprovalStatus);
  const { items, ...rest } = page(packages, input);
  return { ModelPackageSummaryList: items.map(({ document }) => summary(document)), ...rest };
}

function summary(document: DescribeModelPackageOutput) {
  const { ModelPackageArn, CreationTime, ModelPackageStatus, ModelPackageGroupName, ModelPackageVersion } = document;
  const { ModelApprovalStatus, ModelPackageDescription, ModelPackageName } = document;
  return {
    ModelPackageArn,
    CreationTime,
    ModelPackageStatus,
    ...(ModelPackageName && { ModelPackageName }),
    ...(ModelPackageGroupName && { ModelPackageGroupName }),
    ...(ModelPackageVersion && { ModelPackageVersion }),
    ...(ModelApprovalStatus && { ModelApprovalStatus }),
    ...(ModelPackageDescription && { ModelPackageDescription }),
  };
}

/** A retried CreateModelPackage carries the token of the first: it registers nothing twice. */
function sameRequest(context: Context, clientToken: string | undefined): string | undefined {
  if (clientToken === undefined) return undefined;
  const known = context.records
    .list<DescribeModelPackageOutput, Progress>(KIND)
    .find(({ progress }) => progress.clientToken === clientToken);
  return known?.document.ModelPackageArn;
}

function newIdentity(context: Context, groupName: string | undefined, packageName: string | undefined) {
  if (groupName !== undefined) {
    const group = findGroup(context, groupName).ModelPackageGroupName ?? "";
    const ModelPackageVersion = context.records.nextNumber(`model-package/${group}`);
    const name = `${group}/${ModelPackageVersion}`;
    const ModelPackageArn = arnOf(context, KIND, name);
    return { ModelPackageName: undefined, ModelPackageGroupName: group, ModelPackageVersion, ModelPackageArn };
  }
  const name = required(packageName, "modelPackageName");
  const ModelPackageArn = arnOf(context, KIND, name);
  if (context.records.find(KIND, name)) throw validation(`ModelPackage already exists: ${ModelPackageArn}`);
  return { ModelPackageName: name, ModelPackageArn };
}

/** @throws ValidationException */
function checkApproval(status: string | undefined): void {
  if (status === undefined || APPROVALS.includes(status)) return;
  throw validation(
    `1 validation error detected: Value '${status}' at 'modelApprovalStatus' failed to satisfy constraint: Member must satisfy enum value set: [${APPROVALS.join(", ")}]`,
  );
}

function changes(current: DescribeModelPackageOutput, input: UpdateModelPackageInput) {
  const { ModelApprovalStatus, ApprovalDescription, CustomerMetadataProperties } = input;
  const removed = new Set(input.CustomerMetadataPropertiesToRemove ?? []);
  const metadata = { ...current.CustomerMetadataProperties, ...CustomerMetadataProperties };
  return {
    ...(ModelApprovalStatus !== undefined && { ModelApprovalStatus }),
    ...(ApprovalDescription !== undefined && { ApprovalDescription }),
    CustomerMetadataProperties: Object.fromEntries(Object.entries(metadata).filter(([name]) => !removed.has(name))),
    ...(input.InferenceSpecification !== undefined && { InferenceSpecification: input.InferenceSpecification }),
  };
}

function announce(context: Context, document: DescribeModelPackageOutput): void {
  // In this event, unlike in the others, times are ISO 8601.
  const times = {
    CreationTime: document.CreationTime?.toISOString(),
    LastModifiedTime: document.LastModifiedTime?.toISOString(),
  };
  context.home.emit({
    source: "aws.sagemaker",
    "detail-type": "SageMaker Model Package State Change",
    resources: [document.ModelPackageArn ?? ""],
    detail: eventDetail(document, times),
  });
}

/** "<group>/<version>", or the name of a package without versions. */
function nameOf(arn: string): string {
  return arn.slice(arn.indexOf("/") + 1);
}

function shortName(nameOrArn: string): string {
  return nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1);
}

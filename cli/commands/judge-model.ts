/** `tidemill models approve|reject`: what a person says of a version, and what comes of it. */
import {
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  ListEndpointsCommand,
  type SageMakerClient,
  UpdateModelPackageCommand,
} from "@aws-sdk/client-sagemaker";
import { DescribeExecutionCommand, ListExecutionsCommand, type SFNClient } from "@aws-sdk/client-sfn";
import { z } from "zod";
import { innermostReason } from "../cause.ts";
import type { Connection } from "../connect.ts";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { type Followed, follow } from "../follow.ts";
import { describePackage } from "../model-package.ts";
import { packageArnOf, shortPackageName } from "../model-package-name.ts";
import { until } from "../until.ts";

const Release = z.looseObject({
  modelPackageArn: z.string(),
  released: z.boolean(),
  endpointName: z.string().nullish(),
  component: z.string().nullish(),
  reason: z.string().nullish(),
});

const RELEASE_APPEARS_WITHIN_MS = 30_000;

/**
 * Approves, and waits for the release that SageMaker's own event causes.
 * @param name ARN, or group/version
 * @throws CommandFailure 1 where no release begins, or it does not end with the version serving; 2 for a version there is not
 */
export async function approve(
  connection: Connection,
  context: Context,
  name: string,
  reason: string | undefined,
): Promise<void> {
  const arn = packageArnOf(name, connection);
  const sagemaker = await connection.clients.sagemaker();
  const before = await describePackage(sagemaker, arn);
  if (before.ModelApprovalStatus === "Approved") return tellApproved(sagemaker, context, arn);
  const sfn = await connection.clients.sfn();
  const machineArn = `arn:aws:states:${connection.region}:${connection.accountId}:stateMachine:release-model`;
  const known = new Set((await releases(sfn, machineArn)).map((execution) => execution.executionArn));
  await judge(sagemaker, arn, "Approved", reason);
  context.terminal.line(`${shortPackageName(arn)} is Approved; waiting for its release`);
  const executionArn = await newRelease(sfn, machineArn, arn, known);
  const followed = await follow(sfn, executionArn, context.terminal);
  if (followed.status !== "SUCCEEDED") throw releaseFailed(arn, executionArn, followed);
  const release = Release.parse(followed.output);
  const result = {
    modelPackageArn: arn,
    // A release that was rolled back has rejected the package.
    approvalStatus: (await describePackage(sagemaker, arn)).ModelApprovalStatus ?? "Approved",
    released: release.released,
    ...(release.endpointName ? { endpointName: release.endpointName } : {}),
    ...(release.component ? { component: release.component } : {}),
    ...(release.reason ? { reason: release.reason } : {}),
  };
  // Approved, and yet not what serves: the release failed, whatever the workflow made of it.
  if (result.approvalStatus === "Rejected")
    throw new CommandFailure(1, `not released: ${release.reason ?? ""}`, result);
  context.print(
    result,
    release.released ? `released to endpoint ${release.endpointName ?? ""}` : `not released: ${release.reason ?? ""}`,
  );
}

/** An endpoint that serves the version goes on: that is said. @param name ARN, or group/version */
export async function reject(
  connection: Connection,
  context: Context,
  name: string,
  reason: string | undefined,
): Promise<void> {
  const arn = packageArnOf(name, connection);
  const sagemaker = await connection.clients.sagemaker();
  await describePackage(sagemaker, arn);
  await judge(sagemaker, arn, "Rejected", reason);
  const endpointName = await endpointServing(sagemaker, arn);
  const result = { modelPackageArn: arn, approvalStatus: "Rejected" };
  if (endpointName === undefined) return context.print(result, `${shortPackageName(arn)} is Rejected`);
  const remark = `endpoint ${endpointName} goes on serving it until another version is approved`;
  context.print({ ...result, endpointName, reason: remark }, `${shortPackageName(arn)} is Rejected; ${remark}`);
}

async function judge(
  sagemaker: SageMakerClient,
  ModelPackageArn: string,
  ModelApprovalStatus: "Approved" | "Rejected",
  reason: string | undefined,
): Promise<void> {
  const ApprovalDescription = reason === undefined ? {} : { ApprovalDescription: reason };
  await sagemaker.send(new UpdateModelPackageCommand({ ModelPackageArn, ModelApprovalStatus, ...ApprovalDescription }));
}

/** Of a version that was approved before, nothing is released: what became of that is told instead. */
async function tellApproved(sagemaker: SageMakerClient, context: Context, arn: string): Promise<void> {
  const endpointName = await endpointServing(sagemaker, arn);
  const already = {
    modelPackageArn: arn,
    approvalStatus: "Approved",
    released: false,
    ...(endpointName === undefined ? {} : { endpointName }),
    reason:
      endpointName === undefined
        ? "approved before, and not what serves; only the transition to Approved releases: to release it once more, reject it and approve it again"
        : `approved before; endpoint ${endpointName} serves it`,
  };
  context.print(already, `${shortPackageName(arn)}: ${already.reason}`);
}

function releaseFailed(arn: string, executionArn: string, { status, error, cause }: Followed): CommandFailure {
  const why = innermostReason(cause);
  return new CommandFailure(
    1,
    `approved, but the release ended ${status}: ${error ?? ""} ${why}\n  look: npx tidemill executions show ${executionArn}`,
    { modelPackageArn: arn, approvalStatus: "Approved", released: false, reason: `${error ?? status}: ${why}` },
  );
}

/** The endpoint of the package's group, if it is this package that it serves. */
async function endpointServing(sagemaker: SageMakerClient, packageArn: string): Promise<string | undefined> {
  const group = packageArn.split("/")[1] ?? "";
  const { Endpoints = [] } = await sagemaker.send(new ListEndpointsCommand({ NameContains: group, MaxResults: 100 }));
  if (!Endpoints.some(({ EndpointName }) => EndpointName === group)) return undefined;
  const { EndpointConfigName } = await sagemaker.send(new DescribeEndpointCommand({ EndpointName: group }));
  const { ProductionVariants = [] } = await sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName }));
  for (const { ModelName } of ProductionVariants) {
    const { PrimaryContainer } = await sagemaker.send(new DescribeModelCommand({ ModelName }));
    if (PrimaryContainer?.ModelPackageName === packageArn) return group;
  }
  return undefined;
}

async function releases(sfn: SFNClient, stateMachineArn: string) {
  return (await sfn.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 100 }))).executions ?? [];
}

async function newRelease(
  sfn: SFNClient,
  machineArn: string,
  packageArn: string,
  known: ReadonlySet<string | undefined>,
): Promise<string> {
  const started = await until(() => releaseOf(sfn, machineArn, packageArn, known), {
    withinMs: RELEASE_APPEARS_WITHIN_MS,
    everyMs: 150,
  });
  if (started !== undefined) return started;
  throw new CommandFailure(
    1,
    `approved, but no release started within ${RELEASE_APPEARS_WITHIN_MS / 1000} s; is the release manual for this model, and the rule enabled?`,
  );
}

/** The release of a package among those not known yet. */
async function releaseOf(
  sfn: SFNClient,
  machineArn: string,
  packageArn: string,
  known: ReadonlySet<string | undefined>,
): Promise<string | undefined> {
  for (const { executionArn = "" } of await releases(sfn, machineArn)) {
    if (known.has(executionArn)) continue;
    const { input = "" } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    // In its quotes: the name of version 10 starts as that of version 1 does.
    if (input.includes(JSON.stringify(packageArn))) return executionArn;
  }
  return undefined;
}

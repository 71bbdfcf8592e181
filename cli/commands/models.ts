/** `tidemill models list|show|compare|approve|reject`. */
import {
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
  DescribeModelPackageCommand,
  type DescribeModelPackageCommandOutput,
  ListEndpointsCommand,
  paginateListModelPackageGroups,
  paginateListModelPackages,
  type SageMakerClient,
  UpdateModelPackageCommand,
} from "@aws-sdk/client-sagemaker";
import { DescribeExecutionCommand, ListExecutionsCommand, type SFNClient } from "@aws-sdk/client-sfn";
import { z } from "zod";
import { innermostReason } from "../cause.ts";
import type { Connection } from "../connect.ts";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { follow } from "../follow.ts";
import { packageArnOf, shortPackageName } from "../model-package-name.ts";
import { roundedIn } from "../step-result.ts";
import { table } from "../terminal.ts";
import { until } from "../until.ts";

interface ModelRow {
  modelPackageArn: string;
  group: string;
  version: number;
  approvalStatus: string;
  dataVersion: string | null;
  metrics: Record<string, number>;
}

const Release = z.looseObject({
  modelPackageArn: z.string(),
  released: z.boolean(),
  endpointName: z.string().nullish(),
  component: z.string().nullish(),
  reason: z.string().nullish(),
});

const RELEASE_APPEARS_WITHIN_MS = 30_000;

/**
 * Every version with its metrics. @param group only of this one
 * @throws CommandFailure 2 for a group there is not
 */
export async function listModels(connection: Connection, context: Context, group: string | undefined): Promise<void> {
  const rows = (await packagesOf(await connection.clients.sagemaker(), group)).map(toRow);
  const text = table(
    ["GROUP", "VERSION", "STATUS", "DATA VERSION", "METRICS"],
    rows.map((row) => [
      row.group,
      String(row.version),
      row.approvalStatus,
      row.dataVersion ?? "-",
      metricsText(row.metrics),
    ]),
  );
  context.print(
    rows,
    rows.length === 0 ? "no models yet; publish a product: npx tidemill publish credit-card FILE" : text,
  );
}

/**
 * A version as SageMaker describes it. @param name ARN, or group/version
 * @throws CommandFailure 2 where there is none
 */
export async function showModel(connection: Connection, context: Context, name: string): Promise<void> {
  const found = await describe(await connection.clients.sagemaker(), packageArnOf(name, connection));
  const { $metadata: _metadata, ...shown } = found;
  context.print(shown, JSON.stringify(shown, undefined, 2));
}

/** Versions of a group side by side, metric by metric, and what the gate said of each. */
export async function compareModels(connection: Connection, context: Context, group: string): Promise<void> {
  const packages = await packagesOf(await connection.clients.sagemaker(), group);
  const rows = packages.map((found) => ({
    ...toRow(found),
    comparison: found.CustomerMetadataProperties?.comparison ?? null,
  }));
  if (rows.length === 0)
    throw new CommandFailure(
      2,
      `the group "${group}" has no versions; \`npx tidemill models list\` shows what there is`,
    );
  const names = [...new Set(rows.flatMap((row) => Object.keys(row.metrics)))].sort();
  const text = table(
    ["VERSION", "STATUS", "DATA VERSION", ...names.map((name) => name.toUpperCase())],
    rows.map(({ version, approvalStatus, dataVersion, metrics }) => [
      String(version),
      approvalStatus,
      dataVersion ?? "-",
      ...names.map((name) => metrics[name]?.toFixed(4) ?? "-"),
    ]),
  );
  // Each version's metrics are of its own held-out rows; only the gate has compared two models on the same.
  const verdicts = rows.flatMap(({ version, comparison }) =>
    comparison === null ? [] : [`v${version}: ${roundedIn(comparison)}`],
  );
  context.print(rows, [text, ...verdicts].join("\n"));
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
  await describe(sagemaker, arn);
  await sagemaker.send(
    new UpdateModelPackageCommand({
      ModelPackageArn: arn,
      ModelApprovalStatus: "Rejected",
      ...(reason === undefined ? {} : { ApprovalDescription: reason }),
    }),
  );
  const endpointName = await endpointServing(sagemaker, arn);
  const result = { modelPackageArn: arn, approvalStatus: "Rejected" };
  if (endpointName === undefined) return context.print(result, `${shortPackageName(arn)} is Rejected`);
  const remark = `endpoint ${endpointName} goes on serving it until another version is approved`;
  context.print({ ...result, endpointName, reason: remark }, `${shortPackageName(arn)} is Rejected; ${remark}`);
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

/** Approves, and waits for the release that SageMaker's own event causes. */
export async function approve(
  connection: Connection,
  context: Context,
  name: string,
  reason: string | undefined,
): Promise<void> {
  const arn = packageArnOf(name, connection);
  const sagemaker = await connection.clients.sagemaker();
  const before = await describe(sagemaker, arn);
  if (before.ModelApprovalStatus === "Approved") {
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
    return context.print(already, `${shortPackageName(arn)}: ${already.reason}`);
  }
  const sfn = await connection.clients.sfn();
  const machineArn = `arn:aws:states:${connection.region}:${connection.accountId}:stateMachine:release-model`;
  const known = new Set((await releases(sfn, machineArn)).map((execution) => execution.executionArn));
  await sagemaker.send(
    new UpdateModelPackageCommand({
      ModelPackageArn: arn,
      ModelApprovalStatus: "Approved",
      ...(reason === undefined ? {} : { ApprovalDescription: reason }),
    }),
  );
  context.terminal.line(`${shortPackageName(arn)} is Approved; waiting for its release`);
  const executionArn = await newRelease(sfn, machineArn, arn, known);
  const followed = await follow(sfn, executionArn, context.terminal);
  if (followed.status !== "SUCCEEDED") {
    const result = {
      modelPackageArn: arn,
      approvalStatus: "Approved",
      released: false,
      reason: `${followed.error ?? followed.status}: ${innermostReason(followed.cause)}`,
    };
    throw new CommandFailure(
      1,
      `approved, but the release ended ${followed.status}: ${followed.error ?? ""} ${innermostReason(followed.cause)}\n  look: npx tidemill executions show ${executionArn}`,
      result,
    );
  }
  const release = Release.parse(followed.output);
  const result = {
    modelPackageArn: arn,
    // A release that was rolled back has rejected the package.
    approvalStatus: (await describe(sagemaker, arn)).ModelApprovalStatus ?? "Approved",
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

/** Every version of one group or of all, by group and version. */
async function packagesOf(
  sagemaker: SageMakerClient,
  group: string | undefined,
): Promise<DescribeModelPackageCommandOutput[]> {
  const packages: DescribeModelPackageCommandOutput[] = [];
  const groups = await groupNames(sagemaker);
  if (group !== undefined && !groups.includes(group))
    throw new CommandFailure(2, `there is no group "${group}"; there are: ${groups.join(", ") || "none"}`);
  for (const name of group === undefined ? groups : [group]) {
    for await (const page of paginateListModelPackages({ client: sagemaker }, { ModelPackageGroupName: name })) {
      for (const { ModelPackageArn = "" } of page.ModelPackageSummaryList ?? [])
        packages.push(await describe(sagemaker, ModelPackageArn));
    }
  }
  return packages.sort(
    (a, b) =>
      (a.ModelPackageGroupName ?? "").localeCompare(b.ModelPackageGroupName ?? "") ||
      (a.ModelPackageVersion ?? 0) - (b.ModelPackageVersion ?? 0),
  );
}

async function groupNames(sagemaker: SageMakerClient): Promise<string[]> {
  const names: string[] = [];
  for await (const page of paginateListModelPackageGroups({ client: sagemaker }, {})) {
    for (const { ModelPackageGroupName = "" } of page.ModelPackageGroupSummaryList ?? [])
      names.push(ModelPackageGroupName);
  }
  return names;
}

async function describe(sagemaker: SageMakerClient, arn: string): Promise<DescribeModelPackageCommandOutput> {
  try {
    return await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: arn }));
  } catch (thrown) {
    if (thrown instanceof Error && (thrown.name === "ValidationException" || thrown.name === "ResourceNotFound")) {
      throw new CommandFailure(
        2,
        `there is no model package ${shortPackageName(arn)}; \`npx tidemill models list\` names them`,
      );
    }
    throw thrown;
  }
}

function toRow(found: DescribeModelPackageCommandOutput): ModelRow {
  const metadata = found.CustomerMetadataProperties ?? {};
  return {
    modelPackageArn: found.ModelPackageArn ?? "",
    group: found.ModelPackageGroupName ?? "",
    version: found.ModelPackageVersion ?? 0,
    approvalStatus: found.ModelApprovalStatus ?? "",
    dataVersion: metadata.dataVersion ?? null,
    metrics: metricsOf(metadata),
  };
}

/** Metadata holds text; a metric is one property, `metric.<name>`. */
function metricsOf(metadata: Record<string, string>): Record<string, number> {
  const metrics = Object.entries(metadata).filter(([key]) => key.startsWith("metric."));
  return Object.fromEntries(metrics.map(([key, value]) => [key.slice("metric.".length), Number(value)]));
}

function metricsText(metrics: Record<string, number>): string {
  return Object.entries(metrics)
    .map(([name, value]) => `${name}=${value.toFixed(4)}`)
    .join(" ");
}

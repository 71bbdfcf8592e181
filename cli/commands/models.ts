/** `tidemill models list|show|compare`. */
import {
  type DescribeModelPackageCommandOutput,
  paginateListModelPackageGroups,
  paginateListModelPackages,
  type SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import type { Connection } from "../connect.ts";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { describePackage } from "../model-package.ts";
import { packageArnOf } from "../model-package-name.ts";
import { roundedIn } from "../step-result.ts";
import { table } from "../terminal.ts";

interface ModelRow {
  modelPackageArn: string;
  group: string;
  version: number;
  approvalStatus: string;
  dataVersion: string | null;
  metrics: Record<string, number>;
}

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
  const found = await describePackage(await connection.clients.sagemaker(), packageArnOf(name, connection));
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
        packages.push(await describePackage(sagemaker, ModelPackageArn));
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

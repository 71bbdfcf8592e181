/** The lifecycle of a version that was published: found by its name, begun again where an earlier one left the version, followed to its end. */
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { DescribeExecutionCommand } from "@aws-sdk/client-sfn";
import { z } from "zod";
import type { Connection } from "./connect.ts";
import { CommandFailure } from "./failure.ts";
import { type Followed, follow } from "./follow.ts";
import { type Lifecycle, lifecycleOf } from "./lifecycle.ts";
import { startLifecycle } from "./start-lifecycle.ts";
import type { Terminal } from "./terminal.ts";
import { until } from "./until.ts";

export interface PublishedVersion {
  product: string;
  dataVersion: string;
  /** The table as it was written: an object of another ETag there is another publishing's. */
  table: { bucket: string; key: string; etag: string };
}

export interface VersionRun {
  executionArn: string;
  lifecycle: Lifecycle;
  followed: Followed;
}

const APPEARS_WITHIN_MS = 60_000;
/** Looks for a lifecycle until it is asked whether the table is still there: most begin before. */
const BEFORE_DOUBT = 10;
/** Executions that may leave the version to one that comes after: others publish too, and may publish this version again. */
const MOST_BEGUN = 5;
/** Of an execution that ended well, but not with this version: another lay there when it looked. */
const REPLACED = "REPLACED";
const Versioned = z.looseObject({ dataVersion: z.string(), outcome: z.string().optional() });

/** The execution that an event starts for the version. */
export function namedExecution({ region, accountId }: Connection, { product, dataVersion }: PublishedVersion): string {
  return `arn:aws:states:${region}:${accountId}:execution:data-product-update:${product}-${dataVersion}`;
}

/** The status of an execution, or {@link REPLACED}; undefined where there is none. */
export async function statusOf(
  connection: Connection,
  executionArn: string,
  { dataVersion }: PublishedVersion,
): Promise<string | undefined> {
  const sfn = await connection.clients.sfn();
  try {
    const { status, output } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    if (status !== "SUCCEEDED" || output === undefined) return status;
    const ended = Versioned.parse(JSON.parse(output));
    return ended.dataVersion === dataVersion && ended.outcome !== "superseded" ? status : REPLACED;
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === "ExecutionDoesNotExist") return undefined;
    throw thrown;
  }
}

/**
 * Follows whoever works on the version.
 * @param before what {@link statusOf} said of the version's own execution
 * @throws CommandFailure (1) where the lifecycle fails, nothing begins it, or another publishing took the version's place first
 */
export async function followVersion(
  connection: Connection,
  terminal: Terminal,
  version: PublishedVersion,
  before: string | undefined,
): Promise<VersionRun> {
  const sfn = await connection.clients.sfn();
  const again = () => startLifecycle(connection, version.product, false);
  let executionArn = namedExecution(connection, version);
  if (before === undefined) await appears(connection, executionArn, version);
  // What failed, or left the version, keeps the name.
  else if (before !== "SUCCEEDED" && before !== "RUNNING") executionArn = await again();
  for (let begun = 1; ; begun++) {
    const followed = await follow(sfn, executionArn, terminal, before === "SUCCEEDED");
    const lifecycle = lifecycleOf(followed);
    const { outcome, holder, dataVersion } = lifecycle;
    const other = outcome === "duplicate" && holder !== executionArn ? holder : undefined;
    const left = outcome === "superseded" || dataVersion !== version.dataVersion;
    if (!left && other === undefined) return { executionArn, lifecycle, followed };
    if (begun === MOST_BEGUN || (left && (await isReplaced(connection, version)))) throw wasReplaced(version);
    executionArn = left || other === undefined ? await again() : other;
  }
}

async function appears(connection: Connection, executionArn: string, version: PublishedVersion): Promise<void> {
  let looks = 0;
  const found = await until(
    async () => {
      // Asked first: what is found replaced after that had its time.
      const replaced = ++looks > BEFORE_DOUBT && (await isReplaced(connection, version));
      return (await statusOf(connection, executionArn, version)) ?? (replaced ? REPLACED : undefined);
    },
    { withinMs: APPEARS_WITHIN_MS },
  );
  if (found === undefined)
    throw new CommandFailure(
      1,
      `no event started ${executionArn} within ${APPEARS_WITHIN_MS / 1000} s; see \`npx tidemill logs tidemill-start-lifecycle\`, or start it with \`npx tidemill run\``,
    );
  if (found === REPLACED && (await isReplaced(connection, version))) throw wasReplaced(version);
}

function wasReplaced({ dataVersion }: PublishedVersion): CommandFailure {
  return new CommandFailure(
    1,
    `data version ${dataVersion} was written, and replaced by another publishing before a lifecycle had read it; publish again if it is this one that should stand`,
  );
}

async function isReplaced(connection: Connection, { table }: PublishedVersion): Promise<boolean> {
  const s3 = await connection.clients.s3();
  const { ETag } = await s3.send(new HeadObjectCommand({ Bucket: table.bucket, Key: table.key }));
  return ETag !== `"${table.etag}"`;
}

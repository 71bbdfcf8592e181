/** Puts an assembly's assets where its templates look for them: files into the bootstrap bucket, folders into the registry. */
import { existsSync, readFileSync } from "node:fs";
import { AwsError } from "../aws-error.ts";
import type { HomePorts } from "../define-service.ts";
import { AssemblyError } from "./assembly-error.ts";
import type { WritableAssetRegistry } from "./asset-registry.ts";
import { homeCall } from "./home-call.ts";
import type { Asset } from "./read-assets.ts";

type Ports = Pick<HomePorts, "call" | "accountId" | "region">;

/**
 * Publishes every asset. A file already in its bucket is left (keys are content hashes); a folder is copied once.
 * @throws AssemblyError AssemblyApplyFailed when the bucket cannot be written.
 */
export async function publishAssets(
  assets: readonly Asset[],
  root: string,
  registry: WritableAssetRegistry,
  home: Ports,
): Promise<void> {
  const buckets = new Set<string>();
  for (const asset of assets) {
    const bucket = withPlaceholders(asset.bucketName, home);
    const key = withPlaceholders(asset.objectKey, home);
    registry.add({ hash: asset.hash, source: asset.path, root, bucket, key });
    if (asset.packaging === "zip") continue;
    try {
      if (!buckets.has(bucket)) await ensureBucket(bucket, home);
      buckets.add(bucket);
      await ensureObject(bucket, key, asset.path, home);
    } catch (cause) {
      throw new AssemblyError(
        "AssemblyApplyFailed",
        `could not put the asset ${asset.path} to s3://${bucket}/${key}: ${cause instanceof Error ? cause.message : String(cause)}`,
        { cause },
      );
    }
  }
}

/** Whether the registry has every one still: its folder is a person's to clear. */
export function areThere(
  assets: readonly Asset[],
  registry: WritableAssetRegistry,
  home: Pick<HomePorts, "accountId" | "region">,
): boolean {
  return assets.every(({ bucketName, objectKey }) => {
    const path = registry.locate(withPlaceholders(bucketName, home), withPlaceholders(objectKey, home));
    return path !== undefined && existsSync(path);
  });
}

/** Destination names may hold the account, region and partition as placeholders. */
function withPlaceholders(text: string, home: Pick<HomePorts, "accountId" | "region">): string {
  const values: Record<string, string> = { AccountId: home.accountId, Region: home.region, Partition: "aws" };
  return text.replace(/\$\{AWS::(AccountId|Region|Partition)\}/g, (whole, name: string) => values[name] ?? whole);
}

async function ensureBucket(bucket: string, home: Ports): Promise<void> {
  if (await succeeds(() => homeCall(home, "s3", "HeadBucket", { Bucket: bucket }))) return;
  await homeCall(home, "s3", "CreateBucket", {
    Bucket: bucket,
    ...(home.region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: home.region } }),
  });
}

async function ensureObject(bucket: string, key: string, path: string, home: Ports): Promise<void> {
  if (await succeeds(() => homeCall(home, "s3", "HeadObject", { Bucket: bucket, Key: key }))) return;
  const body = readFileSync(path);
  await homeCall(home, "s3", "PutObject", { Bucket: bucket, Key: key, Body: body, ContentLength: body.length });
}

// Absence is the only failure that means "make it"; anything else is a failure.
async function succeeds(ask: () => Promise<object>): Promise<boolean> {
  try {
    await ask();
    return true;
  } catch (thrown) {
    if (thrown instanceof AwsError && (thrown.status === 404 || /NotFound|NoSuch/.test(thrown.code))) return false;
    throw thrown;
  }
}

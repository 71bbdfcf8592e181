/**
 * Custom::CDKBucketDeployment: the CDK's BucketDeployment, made by the service itself instead of by the CDK's function, which
 * is Python with the AWS CLI. As `aws s3 sync` does it: every file below the prefix and, with Prune, nothing else there.
 */
import { z } from "zod";
import type { ResourceContext, ResourceState, ResourceType } from "../../define-service.ts";
import { cfnBoolean, parseProperties } from "../../parse-properties.ts";
import { storedObjects } from "../../stored-objects.ts";
import type { S3 } from "./context.ts";
import { headersOf } from "./deployment-headers.ts";
import { encodeMarker, MarkersConfig, replaceMarkers } from "./deployment-markers.ts";
import { type DeployedFile, sourceFiles } from "./deployment-sources.ts";

const TYPE = "Custom::CDKBucketDeployment";
const Texts = z.record(z.string(), z.string());
const Properties = z.strictObject({
  ServiceToken: z.string(),
  SourceBucketNames: z.array(z.string()),
  SourceObjectKeys: z.array(z.string()),
  SourceMarkers: z.array(z.record(z.string(), z.unknown())).optional(),
  SourceMarkersConfig: z.array(MarkersConfig).optional(),
  DestinationBucketName: z.string(),
  DestinationBucketKeyPrefix: z.string().default(""),
  DestinationBucketArn: z.string().optional(),
  Extract: cfnBoolean.default(true),
  RetainOnDelete: cfnBoolean.default(true),
  Prune: cfnBoolean.default(true),
  Exclude: z.array(z.string()).default([]),
  Include: z.array(z.string()).default([]),
  UserMetadata: Texts.default({}),
  SystemMetadata: Texts.default({}),
  OutputObjectKeys: cfnBoolean.default(true),
  // How the CLI uploads: nothing of it shows here.
  SignContent: cfnBoolean.optional(),
  WaitForDistributionInvalidation: cfnBoolean.optional(),
});
type Properties = z.infer<typeof Properties>;

export function bucketDeploymentResource(s3: S3): ResourceType {
  const put = async (given: unknown, context: ResourceContext): Promise<ResourceState> => {
    const properties = parseProperties(TYPE, Properties, given);
    await deploy(s3, properties);
    const { DestinationBucketArn, DestinationBucketName: bucket, RetainOnDelete: retain } = properties;
    const SourceObjectKeys = properties.OutputObjectKeys ? properties.SourceObjectKeys : [];
    const prefix = prefixOf(properties);
    return {
      physicalId: context.generateName(),
      attributes: { DestinationBucketArn, SourceObjectKeys, deployed: { bucket, prefix, retain } },
    };
  };
  return {
    properties: Properties,
    create: put,
    async update(given, current, context, previous) {
      const before = parseProperties(TYPE, Properties, previous);
      const now = parseProperties(TYPE, Properties, given);
      const moved = before.DestinationBucketName !== now.DestinationBucketName || prefixOf(before) !== prefixOf(now);
      if (moved && !now.RetainOnDelete) await removeAll(s3, before.DestinationBucketName, prefixOf(before));
      return { ...(await put(given, context)), physicalId: current.physicalId };
    },
    async delete({ attributes }) {
      const { bucket, prefix, retain } = Deployed.parse(attributes.deployed);
      if (!retain && s3.buckets.find(bucket)) await removeAll(s3, bucket, prefix);
    },
  };
}

const Deployed = z.object({ bucket: z.string(), prefix: z.string(), retain: z.boolean() });

/** With one slash at its end, but for the whole bucket. */
function prefixOf({ DestinationBucketKeyPrefix: prefix }: Properties): string {
  return prefix === "" || prefix === "/" ? "" : prefix.replace(/\/?$/, "/");
}

async function deploy(s3: S3, properties: Properties): Promise<void> {
  const { DestinationBucketName: Bucket, UserMetadata, SystemMetadata } = properties;
  const prefix = prefixOf(properties);
  const files = (await filesOf(s3, properties)).filter(({ path }) => isTaken(path, properties));
  for (const { path, read } of files) {
    const Body = await read();
    const input = { Bucket, Key: prefix + path, Body, ContentLength: Body.length, ...headersOf(path, SystemMetadata) };
    const Metadata = Object.fromEntries(
      Object.entries(UserMetadata).map(([name, value]) => [name.toLowerCase(), value]),
    );
    await asHome(s3, "PutObject", { ...input, Metadata });
  }
  if (!properties.Prune) return;
  const kept = new Set(files.map(({ path }) => prefix + path));
  const stale = (await keysBelow(s3, Bucket, prefix)).filter(
    (key) => !kept.has(key) && isTaken(key.slice(prefix.length), properties),
  );
  await remove(s3, Bucket, stale);
}

/** Of all sources, a later one's file in place of an earlier one's. */
async function filesOf(s3: S3, properties: Properties): Promise<DeployedFile[]> {
  const files = new Map<string, DeployedFile>();
  for (const [index, Key] of properties.SourceObjectKeys.entries()) {
    const source = { Bucket: properties.SourceBucketNames[index] ?? "", Key };
    const config = properties.SourceMarkersConfig?.[index] ?? {};
    const markers = Object.entries(properties.SourceMarkers?.[index] ?? {}).map(
      ([name, value]) => [name, encodeMarker(name, value, config)] as const,
    );
    for (const { path, read } of await sourceFiles(s3.home, source, properties.Extract))
      files.set(path, { path, read: async () => replaceMarkers(await read(), markers) });
  }
  return [...files.values()];
}

/** As the CLI's filters: the last that matches decides. */
function isTaken(path: string, { Exclude, Include }: Properties): boolean {
  const matches = (pattern: string) => globOf(pattern).test(path);
  return Include.some(matches) || !Exclude.some(matches);
}

/** As Python's fnmatch reads it: an asterisk takes slashes, too. */
function globOf(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".")
    .replaceAll("[!", "[^");
  return new RegExp(`^${source}$`, "s");
}

const removeAll = async (s3: S3, bucket: string, prefix: string) =>
  remove(s3, bucket, await keysBelow(s3, bucket, prefix));

async function keysBelow(s3: S3, bucket: string, prefix: string): Promise<string[]> {
  const keys: string[] = [];
  for await (const { Key } of storedObjects(s3.home, asOwner(s3), { bucket, prefix })) keys.push(Key);
  return keys;
}

async function remove(s3: S3, Bucket: string, keys: readonly string[]): Promise<void> {
  for (const Key of keys) await asHome(s3, "DeleteObject", { Bucket, Key });
}

const asOwner = ({ home }: S3) => ({ kind: "home", accountId: home.accountId }) as const;

const asHome = (s3: S3, operation: string, input: object) => s3.home.call("s3", operation, input, asOwner(s3));

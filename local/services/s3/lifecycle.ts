/**
 * Lifecycle rules: what expires by the clock.
 *
 *   L1. An age of n days ends at the midnight (UTC) after n days have passed since the version was made, or became noncurrent.
 *   L2. Expiring the latest version of a versioned bucket adds a delete marker; elsewhere it removes the object.
 *   L3. A delete marker with no version behind it goes where a rule asks for it.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
import type { LifecycleRule } from "@aws-sdk/client-s3";
import type { Bucket } from "./bucket-store.ts";
import type { S3 } from "./context.ts";
import type { MultipartStore } from "./multipart-store.ts";
import { type ObjectVersion, versionFromRow } from "./object-store.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** Applies every bucket's rules once. */
export function expireObjects(s3: S3, uploads: MultipartStore): void {
  for (const bucket of s3.buckets.list()) {
    const rules = (bucket.configuration.lifecycle?.Rules ?? []).filter((rule) => rule.Status === "Enabled");
    if (rules.length === 0) continue;
    const rows = s3.home.store
      .prepare("SELECT * FROM s3_objects WHERE bucket = ? ORDER BY key, sequence DESC")
      .all(bucket.name);
    s3.home.store.transaction(() => {
      for (const versions of byKey(rows.map(versionFromRow))) expireKey(s3, bucket, rules, versions);
      expireUploads(s3, uploads, bucket, rules);
    });
  }
}

/** The next time rules are looked at: midnight UTC. */
export function nextSweepMs(nowMs: number): number {
  return (Math.floor(nowMs / DAY_MS) + 1) * DAY_MS;
}

function expireKey(s3: S3, bucket: Bucket, rules: readonly LifecycleRule[], versions: readonly ObjectVersion[]): void {
  const now = s3.home.clock.now();
  let gone = 0;
  for (const [index, version] of versions.entries()) {
    const newer = versions[index - 1];
    if (newer === undefined || !rules.some((rule) => covers(rule, version) && noncurrentIsDue(rule, newer, index, now)))
      continue;
    s3.objects.remove(version);
    s3.events.deleted(bucket, version, s3.objects.nextSequence(), "Permanently Deleted", undefined);
    gone++;
  }
  const latest = versions[0];
  if (latest === undefined) return;
  const covering = rules.filter((rule) => covers(rule, latest));
  if (latest.deleteMarker) {
    const alone = versions.length - gone === 1;
    if (
      alone &&
      covering.some(({ Expiration }) => Expiration?.ExpiredObjectDeleteMarker || Expiration?.Days !== undefined)
    )
      s3.objects.remove(latest);
    return;
  }
  if (covering.some((rule) => currentIsDue(rule, latest, now))) expireCurrent(s3, bucket, latest);
}

function expireCurrent(s3: S3, bucket: Bucket, latest: ObjectVersion): void {
  if (bucket.configuration.versioning === undefined) {
    s3.objects.remove(latest);
    s3.events.deleted(bucket, latest, s3.objects.nextSequence(), "Permanently Deleted", undefined);
    return;
  }
  const marker = s3.objects.mark(bucket, latest.key);
  s3.events.deleted(bucket, marker, marker.sequence, "Delete Marker Created", undefined);
}

function expireUploads(s3: S3, uploads: MultipartStore, bucket: Bucket, rules: readonly LifecycleRule[]): void {
  const now = s3.home.clock.now();
  for (const upload of uploads.list(bucket.name)) {
    const due = rules.some((rule) => {
      const days = rule.AbortIncompleteMultipartUpload?.DaysAfterInitiation;
      return days !== undefined && upload.key.startsWith(prefixOf(rule)) && endOfAge(upload.initiatedMs, days) <= now;
    });
    if (due) uploads.remove(upload.uploadId);
  }
}

function currentIsDue(rule: LifecycleRule, version: ObjectVersion, nowMs: number): boolean {
  const { Days: days, Date: date } = rule.Expiration ?? {};
  if (days !== undefined) return endOfAge(version.modifiedMs, days) <= nowMs;
  return date !== undefined && new Date(date).getTime() <= nowMs;
}

/** A version is noncurrent since the one after it was made; `newerCount` counts the noncurrent ones before it, and the current. */
function noncurrentIsDue(rule: LifecycleRule, newer: ObjectVersion, newerCount: number, nowMs: number): boolean {
  const { NoncurrentDays: days, NewerNoncurrentVersions: keep = 0 } = rule.NoncurrentVersionExpiration ?? {};
  return days !== undefined && newerCount - 1 >= keep && endOfAge(newer.modifiedMs, days) <= nowMs;
}

function covers(rule: LifecycleRule, version: ObjectVersion): boolean {
  const filter = rule.Filter?.And ?? rule.Filter;
  const tags = rule.Filter?.And?.Tags ?? (rule.Filter?.Tag === undefined ? [] : [rule.Filter.Tag]);
  return (
    version.key.startsWith(prefixOf(rule)) &&
    tags.every(({ Key, Value }) => version.attributes.tags[Key ?? ""] === Value) &&
    version.size > (filter?.ObjectSizeGreaterThan ?? -1) &&
    version.size < (filter?.ObjectSizeLessThan ?? Number.POSITIVE_INFINITY)
  );
}

function prefixOf(rule: LifecycleRule): string {
  return rule.Filter?.And?.Prefix ?? rule.Filter?.Prefix ?? rule.Prefix ?? "";
}

function endOfAge(fromMs: number, days: number): number {
  return Math.ceil((fromMs + days * DAY_MS) / DAY_MS) * DAY_MS;
}

function byKey(versions: readonly ObjectVersion[]): ObjectVersion[][] {
  return [...Map.groupBy(versions, (version) => version.key).values()];
}

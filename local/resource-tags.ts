/** Tags of resources by ARN, for every service that keeps them: one table of the home. */
import { AwsError } from "./aws-error.ts";
import type { Store } from "./store/index.ts";

export interface ResourceTag {
  Key: string;
  Value: string;
}

/** As requests and templates give them. */
type GivenTag = { Key?: string | undefined; Value?: string | number | undefined };

export interface ResourceTags {
  /** In the order of their keys. */
  list(arn: string): ResourceTag[];
  /** @throws AwsError TagLimit's code when the resource would have more than 50 */
  put(arn: string, tags: readonly GivenTag[]): void;
  remove(arn: string, keys: readonly string[]): void;
  /** The tags a template has are all there are. */
  replace(arn: string, tags: readonly GivenTag[]): void;
}

/** How a service words a resource with too many tags. */
export interface TagLimit {
  code: string;
}

const MOST = 50;
const TABLE = "CREATE TABLE resource_tags (arn TEXT, key TEXT, value TEXT NOT NULL, PRIMARY KEY (arn, key)) STRICT;";

export function openResourceTags(store: Store, limit: TagLimit): ResourceTags {
  store.migrate("resource-tags", [TABLE]);
  const put = store.prepare("INSERT OR REPLACE INTO resource_tags VALUES (?, ?, ?)");
  const all = store.prepare("SELECT key, value FROM resource_tags WHERE arn = ? ORDER BY key");
  const one = store.prepare("DELETE FROM resource_tags WHERE arn = ? AND key = ?");
  const every = store.prepare("DELETE FROM resource_tags WHERE arn = ?");
  const list = (arn: string) => all.all(arn).map(({ key, value }) => ({ Key: String(key), Value: String(value) }));
  const tags: ResourceTags = {
    list,
    put: (arn, given) =>
      store.transaction(() => {
        for (const { Key = "", Value = "" } of given) put.run(arn, Key, String(Value));
        const count = list(arn).length;
        if (count > MOST)
          throw new AwsError(limit.code, `${arn} would have ${count} tags; a resource has ${MOST} at most`);
      }),
    remove(arn, keys) {
      for (const key of keys) one.run(arn, key);
    },
    replace: (arn, given) =>
      store.transaction(() => {
        every.run(arn);
        tags.put(arn, given);
      }),
  };
  return tags;
}

/** Tags written as a map (`tags: { team: "ml" }`), and back. */
export function tagsOfMap(map: Readonly<Record<string, string>> | undefined): ResourceTag[] {
  return Object.entries(map ?? {}).map(([Key, Value]) => ({ Key, Value }));
}

export function mapOfTags(tags: readonly ResourceTag[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value]));
}

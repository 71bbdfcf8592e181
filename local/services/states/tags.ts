/** Tags of state machines and activities. */
import type * as Sdk from "@aws-sdk/client-sfn";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts, Operations } from "../../define-service.ts";
import type { Statement } from "../../store/index.ts";
import { checkArn, checkLength } from "./request-checks.ts";

const MOST = 50;

/** By the ARN they are on; at most 50 an ARN, as AWS allows. */
export class TagStore {
  readonly #home: HomePorts;
  readonly #sql: Record<"put" | "remove" | "removeAll" | "list", Statement>;

  constructor(home: HomePorts) {
    this.#home = home;
    const { store } = home;
    this.#sql = {
      put: store.prepare(
        "INSERT INTO states_tags VALUES (?, ?, ?) ON CONFLICT (arn, key) DO UPDATE SET value = excluded.value",
      ),
      remove: store.prepare("DELETE FROM states_tags WHERE arn = ? AND key = ?"),
      removeAll: store.prepare("DELETE FROM states_tags WHERE arn = ?"),
      list: store.prepare("SELECT key, value FROM states_tags WHERE arn = ? ORDER BY key"),
    };
  }

  list(arn: string): { key: string; value: string }[] {
    return this.#sql.list.all(arn).map((row) => ({ key: String(row.key), value: String(row.value) }));
  }

  /** @throws AwsError TooManyTags, ValidationException */
  put(arn: string, tags: readonly Sdk.Tag[]): void {
    for (const { key, value } of tags) {
      checkLength("tags.member.key", key ?? "", 1, 128);
      checkLength("tags.member.value", value, 0, 256);
    }
    this.#home.store.transaction(() => {
      for (const { key = "", value = "" } of tags) this.#sql.put.run(arn, key, value);
      if (this.list(arn).length > MOST)
        throw new AwsError("TooManyTags", `Too many tags: a resource has ${MOST} at most`, {
          fields: { resourceName: arn },
        });
    });
  }

  remove(arn: string, keys: readonly string[]): void {
    for (const key of keys) this.#sql.remove.run(arn, key);
  }

  /** All tags of a resource, as a template has them. */
  replace(arn: string, tags: readonly Sdk.Tag[]): void {
    this.#sql.removeAll.run(arn);
    this.put(arn, tags);
  }
}

/** A template's tags as the API has them. */
export function tagsOf(tags: readonly { Key: string; Value: string }[]): Sdk.Tag[] {
  return tags.map(({ Key, Value }) => ({ key: Key, value: Value }));
}

type Names = "TagResource" | "UntagResource" | "ListTagsForResource";

/** @param exists whether there is a resource of that ARN */
export function tagOperations(tags: TagStore, exists: (arn: string) => boolean): Pick<Operations<typeof Sdk>, Names> {
  const authorize = ({ resourceArn }: { resourceArn?: string | undefined }) => ({ resource: resourceArn ?? "*" });
  const required = (resourceArn: string | undefined): string => {
    const arn = checkArn(resourceArn, "stateMachine", "activity");
    if (exists(arn)) return arn;
    throw new AwsError("ResourceNotFound", `Resource not found: '${arn}'`, { fields: { resourceName: arn } });
  };
  return {
    TagResource: {
      authorize,
      handle({ resourceArn, tags: given }) {
        tags.put(required(resourceArn), given ?? []);
        return {};
      },
    },
    UntagResource: {
      authorize,
      handle({ resourceArn, tagKeys }) {
        tags.remove(required(resourceArn), tagKeys ?? []);
        return {};
      },
    },
    ListTagsForResource: { authorize, handle: ({ resourceArn }) => ({ tags: tags.list(required(resourceArn)) }) },
  };
}

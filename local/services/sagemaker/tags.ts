/** Tags of any SageMaker resource, by ARN. */
import type { Tag } from "@aws-sdk/client-sagemaker";
import type { Operations } from "../../define-service.ts";
import type { Store } from "../../store/index.ts";

type Sdk = typeof import("@aws-sdk/client-sagemaker");

export interface Tags {
  add(arn: string, tags: readonly Tag[] | undefined): void;
  of(arn: string): Tag[];
  remove(arn: string, keys?: readonly string[]): void;
}

export function openTags(store: Store): Tags {
  const put = store.prepare(
    "INSERT INTO sagemaker_tags VALUES (?, ?, ?) ON CONFLICT (arn, key) DO UPDATE SET value = excluded.value",
  );
  const all = store.prepare("SELECT key, value FROM sagemaker_tags WHERE arn = ? ORDER BY key");
  const removeOne = store.prepare("DELETE FROM sagemaker_tags WHERE arn = ? AND key = ?");
  const of = (arn: string) => all.all(arn).map(({ key, value }) => ({ Key: String(key), Value: String(value) }));
  return {
    of,
    add(arn, tags) {
      for (const { Key = "", Value = "" } of tags ?? []) put.run(arn, Key, Value);
    },
    remove(arn, keys) {
      for (const key of keys ?? of(arn).map((tag) => tag.Key)) removeOne.run(arn, key);
    },
  };
}

export function tagOperations(tags: Tags): Pick<Operations<Sdk>, "AddTags" | "DeleteTags" | "ListTags"> {
  const authorize = ({ ResourceArn = "*" }: { ResourceArn?: string | undefined }) => ({ resource: ResourceArn });
  return {
    AddTags: {
      authorize,
      handle({ ResourceArn = "", Tags }) {
        tags.add(ResourceArn, Tags);
        return { Tags: tags.of(ResourceArn) };
      },
    },
    DeleteTags: {
      authorize,
      handle({ ResourceArn = "", TagKeys }) {
        tags.remove(ResourceArn, TagKeys ?? []);
        return {};
      },
    },
    ListTags: { authorize, handle: ({ ResourceArn = "" }) => ({ Tags: tags.of(ResourceArn) }) },
  };
}

/** Tags of tables, as creation gives them and as a template says them; clients change them through dynalite's own operations. */
import type { Dynalite } from "./dynalite.ts";

/** Adds tags; `tags` is what a request or a template gives, undefined included. */
export async function tagTable(dynalite: Dynalite, arn: string, tags: unknown): Promise<void> {
  if (Array.isArray(tags) && tags.length > 0) await dynalite.call("TagResource", { ResourceArn: arn, Tags: tags });
}

/** What a template says is all there is. */
export async function retagTable(dynalite: Dynalite, arn: string, tags: readonly { Key: string }[]): Promise<void> {
  const { Tags: known = [] } = Object(await dynalite.call("ListTagsOfResource", { ResourceArn: arn }));
  const wanted = new Set(tags.map(({ Key }) => Key));
  const gone: string[] = known.map(({ Key }: { Key: string }) => Key).filter((key: string) => !wanted.has(key));
  if (gone.length > 0) await dynalite.call("UntagResource", { ResourceArn: arn, TagKeys: gone });
  await tagTable(dynalite, arn, tags);
}

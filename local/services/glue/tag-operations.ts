/** Tags of crawlers and databases. */
import { AwsError } from "../../aws-error.ts";
import type { Operations } from "../../define-service.ts";
import { mapOfTags, tagsOfMap } from "../../resource-tags.ts";
import type { Glue, Sdk } from "./context.ts";

export function glueArn({ home }: Pick<Glue, "home">, type: "crawler" | "database", name: string): string {
  return `arn:aws:glue:${home.region}:${home.accountId}:${type}/${name}`;
}

export function tagOperations(glue: Glue): Operations<Sdk> {
  const { catalog, crawls, tags } = glue;
  const authorize = ({ ResourceArn = "*" }: { ResourceArn?: string | undefined }) => ({ resource: ResourceArn });
  const required = (arn = "") => {
    const known = [
      ...crawls.crawlers().map(({ Name = "" }) => glueArn(glue, "crawler", Name)),
      ...catalog.databases().map(({ Name = "" }) => glueArn(glue, "database", Name)),
    ];
    if (known.includes(arn)) return arn;
    throw new AwsError(
      "EntityNotFoundException",
      `Resource ${arn} was not found; crawlers and databases have tags here`,
    );
  };
  return {
    TagResource: {
      authorize,
      handle({ ResourceArn, TagsToAdd }) {
        tags.put(required(ResourceArn), tagsOfMap(TagsToAdd));
        return {};
      },
    },
    UntagResource: {
      authorize,
      handle({ ResourceArn, TagsToRemove = [] }) {
        tags.remove(required(ResourceArn), TagsToRemove);
        return {};
      },
    },
    GetTags: { authorize, handle: ({ ResourceArn }) => ({ Tags: mapOfTags(tags.list(required(ResourceArn))) }) },
  };
}

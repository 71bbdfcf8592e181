/** Tags of log groups, by the operations of today and by the older ones that name the group. */
import type * as Logs from "@aws-sdk/client-cloudwatch-logs";
import type { Operations } from "../../define-service.ts";
import { mapOfTags, type ResourceTags, tagsOfMap } from "../../resource-tags.ts";
import { groupNameOf, type LogArns } from "./log-arns.ts";
import type { LogStore } from "./log-store.ts";

export function tagOperations(logs: LogStore, arns: LogArns, tags: ResourceTags): Operations<typeof Logs> {
  const byArn = ({ resourceArn = "" }: { resourceArn?: string | undefined }) => ({
    resource: resourceArn.replace(/:\*$/, ""),
  });
  const byName = ({ logGroupName = "" }: { logGroupName?: string | undefined }) => ({
    resource: arns.group(logGroupName),
  });
  const arnOf = (nameOrArn = "") => arns.group(logs.group(groupNameOf(nameOrArn)).name);
  return {
    TagResource: {
      authorize: byArn,
      handle({ resourceArn, tags: given }) {
        tags.put(arnOf(resourceArn), tagsOfMap(given));
        return {};
      },
    },
    UntagResource: {
      authorize: byArn,
      handle({ resourceArn, tagKeys = [] }) {
        tags.remove(arnOf(resourceArn), tagKeys);
        return {};
      },
    },
    ListTagsForResource: {
      authorize: byArn,
      handle: ({ resourceArn }) => ({ tags: mapOfTags(tags.list(arnOf(resourceArn))) }),
    },
    TagLogGroup: {
      authorize: byName,
      handle({ logGroupName, tags: given }) {
        tags.put(arnOf(logGroupName), tagsOfMap(given));
        return {};
      },
    },
    UntagLogGroup: {
      authorize: byName,
      handle({ logGroupName, tags: keys = [] }) {
        tags.remove(arnOf(logGroupName), keys);
        return {};
      },
    },
    ListTagsLogGroup: {
      authorize: byName,
      handle: ({ logGroupName }) => ({ tags: mapOfTags(tags.list(arnOf(logGroupName))) }),
    },
  };
}

/** Tags of alarms. */
import type * as CloudWatch from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../aws-error.ts";
import type { Operations } from "../../define-service.ts";
import type { ResourceTags } from "../../resource-tags.ts";
import type { Alarms } from "./alarms.ts";

export function tagOperations(alarms: Alarms, tags: ResourceTags): Operations<typeof CloudWatch> {
  const authorize = ({ ResourceARN = "*" }: { ResourceARN?: string | undefined }) => ({ resource: ResourceARN });
  const required = (arn = "") => {
    if (alarms.all().some(({ name }) => alarms.arn(name) === arn)) return arn;
    throw new AwsError("ResourceNotFoundException", `Resource ${arn} does not exist`, {
      status: 404,
      fields: { ResourceId: arn },
    });
  };
  return {
    TagResource: {
      authorize,
      handle({ ResourceARN, Tags = [] }) {
        tags.put(required(ResourceARN), Tags);
        return {};
      },
    },
    UntagResource: {
      authorize,
      handle({ ResourceARN, TagKeys = [] }) {
        tags.remove(required(ResourceARN), TagKeys);
        return {};
      },
    },
    ListTagsForResource: { authorize, handle: ({ ResourceARN }) => ({ Tags: tags.list(required(ResourceARN)) }) },
  };
}

/** AWS::StepFunctions::Activity. */
import { z } from "zod";
import type { ResourceState, ResourceType } from "../../../define-service.ts";
import { cfnTags, parseProperties } from "../../../parse-properties.ts";
import { checkName } from "../request-checks.ts";
import { type TagStore, tagsOf } from "../tags.ts";
import type { ActivityStore } from "./activity-store.ts";

const TYPE = "AWS::StepFunctions::Activity";
const Properties = z.strictObject({
  Name: z.string(),
  EncryptionConfiguration: z.looseObject({}).optional(),
  Tags: cfnTags.default([]),
});

export function activityResource(activities: ActivityStore, tags: TagStore): ResourceType {
  const put = (raw: unknown): ResourceState => {
    const { Name, Tags } = parseProperties(TYPE, Properties, raw);
    const { arn, name } = activities.create(checkName(Name), undefined);
    tags.replace(arn, tagsOf(Tags));
    return { physicalId: arn, attributes: { Arn: arn, Name: name } };
  };
  return {
    properties: Properties,
    create: put,
    update(raw, current) {
      const { Name } = parseProperties(TYPE, Properties, raw);
      return activities.arnOf(Name) === current.physicalId ? put(raw) : "replace";
    },
    delete: (current) => activities.remove(current.physicalId),
  };
}

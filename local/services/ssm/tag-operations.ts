/** Tags of parameters. */
import type * as Ssm from "@aws-sdk/client-ssm";
import { AwsError } from "../../aws-error.ts";
import type { Operations } from "../../define-service.ts";
import type { ParameterStore } from "./parameter-store.ts";

interface OfResource {
  ResourceType?: string | undefined;
  ResourceId?: string | undefined;
}

export function tagOperations(parameters: ParameterStore): Operations<typeof Ssm> {
  const authorize = ({ ResourceId = "" }: OfResource) => ({ resource: parameters.requestedArn(ResourceId) });
  const required = ({ ResourceType, ResourceId = "" }: OfResource) => {
    if (ResourceType !== "Parameter")
      throw new AwsError("InvalidResourceType", `${ResourceType} is not a resource type of this home; Parameter is`);
    const found = parameters.find(ResourceId);
    if (found !== undefined) return parameters.arn(found.name);
    throw new AwsError("InvalidResourceId", `Parameter ${ResourceId} not found.`);
  };
  return {
    AddTagsToResource: {
      authorize,
      handle(input) {
        parameters.tags.put(required(input), input.Tags ?? []);
        return {};
      },
    },
    RemoveTagsFromResource: {
      authorize,
      handle(input) {
        parameters.tags.remove(required(input), input.TagKeys ?? []);
        return {};
      },
    },
    ListTagsForResource: { authorize, handle: (input) => ({ TagList: parameters.tags.list(required(input)) }) },
  };
}

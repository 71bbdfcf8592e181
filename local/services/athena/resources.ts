/** AWS::Athena::WorkGroup. */
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";
import type { ResourceType } from "../../define-service.ts";
import type { Athena } from "./context.ts";
import { Configuration } from "./work-groups.ts";

const Properties = z.strictObject({
  Name: z.string(),
  Description: z.string().optional(),
  State: z.enum(["ENABLED", "DISABLED"]).optional(),
  RecursiveDeleteOption: z.unknown().optional(),
  WorkGroupConfiguration: Configuration.optional(),
  Tags: z.unknown().optional(),
});

export function athenaResources({ home, workGroups }: Athena): Record<string, ResourceType> {
  const put = (properties: unknown, createdMs: number) => {
    const parsed = Properties.safeParse(properties);
    if (!parsed.success)
      throw new AwsError("ValidationError", `AWS::Athena::WorkGroup: ${z.prettifyError(parsed.error)}`);
    const { Name: name, Description: description, State: state = "ENABLED", WorkGroupConfiguration = {} } = parsed.data;
    workGroups.put({ name, description, state, configuration: WorkGroupConfiguration, createdMs });
    const CreationTime = String(Math.floor(createdMs / 1000));
    const engine = "Athena engine version 3";
    const EffectiveEngineVersion = { "WorkGroupConfiguration.EngineVersion.EffectiveEngineVersion": engine };
    return { physicalId: name, attributes: { CreationTime, ...EffectiveEngineVersion } };
  };
  return {
    "AWS::Athena::WorkGroup": {
      properties: Properties,
      create: (properties) => put(properties, home.clock.now()),
      update(properties, current) {
        const name = z.object({ Name: z.string() }).safeParse(properties).data?.Name;
        if (name !== current.physicalId) return "replace";
        return put(properties, workGroups.get(current.physicalId).createdMs);
      },
      delete: ({ physicalId }) => workGroups.delete(physicalId),
    },
  };
}

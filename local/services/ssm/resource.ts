/** AWS::SSM::Parameter. */
import { z } from "zod";
import type { ResourceState, ResourceType } from "../../define-service.ts";
import { parseProperties } from "../../parse-properties.ts";
import { tagsOfMap } from "../../resource-tags.ts";
import type { ParameterStore } from "./parameter-store.ts";

const TYPE = "AWS::SSM::Parameter";
const Properties = z.strictObject({
  Name: z.string().optional(),
  Type: z.enum(["String", "StringList"]),
  Value: z.string(),
  Description: z.string().default(""),
  Tier: z.enum(["Standard", "Advanced", "Intelligent-Tiering"]).optional(),
  DataType: z.literal("text").optional(),
  AllowedPattern: z.string().optional(),
  Tags: z.record(z.string(), z.string()).optional(),
});

/** Creating over a parameter of that name writes a version: a create repeated after a kill finds its own. */
export function parameterResource(parameters: ParameterStore): ResourceType {
  const write = (properties: unknown, name: string): ResourceState => {
    const given = parseProperties(TYPE, Properties, properties);
    const { Value: value, Type: type, Description: description } = given;
    const known = parameters.find(name);
    if (known?.value !== value || known.type !== type || known.description !== description) {
      parameters.put({ name, value, type, description }, true);
    }
    parameters.tags.replace(parameters.arn(name), tagsOfMap(given.Tags));
    return { physicalId: name, attributes: { Value: value, Type: type } };
  };
  return {
    properties: Properties,
    create: (properties, context) =>
      write(properties, parseProperties(TYPE, Properties, properties).Name ?? context.generateName()),
    update(properties, current) {
      const { Name } = parseProperties(TYPE, Properties, properties);
      return Name !== undefined && Name !== current.physicalId ? "replace" : write(properties, current.physicalId);
    },
    delete(current) {
      parameters.drop(current.physicalId);
    },
  };
}

/** AWS::Lambda::Version and Alias. */
import { z } from "zod";
import type { ResourceState, ResourceType } from "../../define-service.ts";
import { cfnNumber, parseProperties } from "../../parse-properties.ts";
import { type FunctionStore, parseReference } from "./function-store.ts";
import { routingOf } from "./version-operations.ts";
import type { VersionStore } from "./version-store.ts";

const VersionProperties = z.strictObject({
  FunctionName: z.string(),
  Description: z.string().optional(),
  CodeSha256: z.string().optional(),
  // Nothing here is cold for long, and nothing costs: accepted, without effect.
  ProvisionedConcurrencyConfig: z.unknown().optional(),
  RuntimePolicy: z.unknown().optional(),
});
const AliasProperties = z.strictObject({
  FunctionName: z.string(),
  Name: z.string(),
  FunctionVersion: z.string(),
  Description: z.string().default(""),
  RoutingConfig: z
    .strictObject({
      AdditionalVersionWeights: z.array(z.strictObject({ FunctionVersion: z.string(), FunctionWeight: cfnNumber })),
    })
    .optional(),
  ProvisionedConcurrencyConfig: z.unknown().optional(),
});

export function versionResources(functions: FunctionStore, versions: VersionStore): Record<string, ResourceType> {
  return {
    "AWS::Lambda::Version": versionResource(functions, versions),
    "AWS::Lambda::Alias": aliasResource(functions, versions),
  };
}

function versionResource(functions: FunctionStore, versions: VersionStore): ResourceType {
  return {
    properties: VersionProperties,
    create(given) {
      const { FunctionName, Description } = parseProperties("AWS::Lambda::Version", VersionProperties, given);
      const { name, version = "" } = versions.publish(parseReference(FunctionName).name, Description);
      const arn = `${functions.arn(name)}:${version}`;
      return { physicalId: arn, attributes: { Version: version, FunctionArn: arn } };
    },
    delete({ physicalId }) {
      const { name, qualifier = "" } = parseReference(physicalId);
      versions.deleteVersion(name, qualifier);
    },
  };
}

function aliasResource(functions: FunctionStore, versions: VersionStore): ResourceType {
  const put = (given: unknown): ResourceState => {
    const properties = parseProperties("AWS::Lambda::Alias", AliasProperties, given);
    const { name } = functions.get(properties.FunctionName);
    const weights = properties.RoutingConfig?.AdditionalVersionWeights ?? [];
    versions.putAlias({
      function: name,
      name: properties.Name,
      version: properties.FunctionVersion,
      description: properties.Description,
      routing: routingOf(
        Object.fromEntries(weights.map(({ FunctionVersion, FunctionWeight }) => [FunctionVersion, FunctionWeight])),
      ),
    });
    const arn = `${functions.arn(name)}:${properties.Name}`;
    return { physicalId: arn, attributes: { AliasArn: arn } };
  };
  return {
    properties: AliasProperties,
    create: put,
    update(given, current) {
      const { FunctionName, Name } = parseProperties("AWS::Lambda::Alias", AliasProperties, given);
      const arn = `${functions.arn(parseReference(FunctionName).name)}:${Name}`;
      return arn === current.physicalId ? put(given) : "replace";
    },
    delete({ physicalId }) {
      const { name, qualifier = "" } = parseReference(physicalId);
      versions.deleteAlias(name, qualifier);
    },
  };
}

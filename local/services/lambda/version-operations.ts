/** Publishing versions, and the aliases that point at them. */
import type { AliasConfiguration } from "@aws-sdk/client-lambda";
import { AwsError } from "../../aws-error.ts";
import type { Operations } from "../../define-service.ts";
import { configurationOf } from "./function-configuration.ts";
import { type FunctionStore, parseReference } from "./function-store.ts";
import { conflict, LATEST, type StoredAlias, type VersionStore } from "./version-store.ts";

type Sdk = typeof import("@aws-sdk/client-lambda");
type VersionOperations = Pick<
  Operations<Sdk>,
  | "PublishVersion"
  | "ListVersionsByFunction"
  | "CreateAlias"
  | "GetAlias"
  | "UpdateAlias"
  | "ListAliases"
  | "DeleteAlias"
>;

const ALIAS_NAME = /^(?!\d+$)[A-Za-z0-9_-]{1,128}$/;
const PAGE = 50;

export function versionOperations(functions: FunctionStore, versions: VersionStore): VersionOperations {
  const on = (action: string) => (input: { FunctionName?: string | undefined }) => ({
    action: `lambda:${action}`,
    resource: functions.arn(parseReference(input.FunctionName).name),
  });
  const known = (functionName: string | undefined, alias: string | undefined): StoredAlias => {
    const { name } = functions.get(functionName);
    const found = versions.alias(name, alias ?? "");
    if (found !== undefined) return found;
    throw new AwsError("ResourceNotFoundException", `Cannot find alias arn: ${functions.arn(name)}:${alias}`, {
      status: 404,
      fields: { Type: "User" },
    });
  };
  const shown = (alias: StoredAlias) => aliasConfiguration(functions, alias);
  return {
    PublishVersion: {
      authorize: on("PublishVersion"),
      handle({ FunctionName, CodeSha256, RevisionId, Description }) {
        const stored = functions.get(FunctionName);
        if (CodeSha256 !== undefined && CodeSha256 !== stored.code.sha256) {
          throw new AwsError(
            "InvalidParameterValueException",
            `CodeSHA256 (${CodeSha256}) is different from current CodeSHA256 in $LATEST (${stored.code.sha256}). Please try again with the CodeSHA256 in $LATEST.`,
            { fields: { Type: "User" } },
          );
        }
        checkRevision(RevisionId, stored.revisionId);
        return configurationOf(functions, versions.publish(stored.name, Description));
      },
    },
    ListVersionsByFunction: {
      authorize: on("ListVersionsByFunction"),
      handle({ FunctionName, Marker, MaxItems }) {
        const stored = functions.get(FunctionName);
        const all = [stored, ...versions.list(stored.name)];
        const { items, marker } = page(all, ({ version }) => version ?? LATEST, Marker, MaxItems);
        return { Versions: items.map((one) => configurationOf(functions, one)), ...marker };
      },
    },
    CreateAlias: {
      authorize: on("CreateAlias"),
      handle({ FunctionName, Name = "", FunctionVersion = "", Description = "", RoutingConfig }) {
        const stored = functions.get(FunctionName);
        if (!ALIAS_NAME.test(Name)) {
          throw new AwsError(
            "ValidationException",
            `Value '${Name}' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)`,
          );
        }
        if (versions.alias(stored.name, Name) !== undefined) {
          throw conflict(`Alias already exists: ${functions.arn(stored.name)}:${Name}`);
        }
        const routing = routingOf(RoutingConfig?.AdditionalVersionWeights);
        const alias = {
          function: stored.name,
          name: Name,
          version: FunctionVersion,
          description: Description,
          routing,
        };
        return shown(versions.putAlias(alias));
      },
    },
    GetAlias: { authorize: on("GetAlias"), handle: ({ FunctionName, Name }) => shown(known(FunctionName, Name)) },
    UpdateAlias: {
      authorize: on("UpdateAlias"),
      handle({ FunctionName, Name, FunctionVersion, Description, RoutingConfig, RevisionId }) {
        const { revisionId, ...alias } = known(FunctionName, Name);
        checkRevision(RevisionId, revisionId);
        const routing = RoutingConfig === undefined ? alias.routing : routingOf(RoutingConfig.AdditionalVersionWeights);
        const changed = { version: FunctionVersion ?? alias.version, description: Description ?? alias.description };
        return shown(versions.putAlias({ ...alias, ...changed, routing }));
      },
    },
    ListAliases: {
      authorize: on("ListAliases"),
      handle({ FunctionName, FunctionVersion, Marker, MaxItems }) {
        const all = versions.aliases(functions.get(FunctionName).name);
        const wanted = all.filter(({ version }) => FunctionVersion === undefined || version === FunctionVersion);
        const { items, marker } = page(wanted, ({ name }) => name, Marker, MaxItems);
        return { Aliases: items.map(shown), ...marker };
      },
    },
    DeleteAlias: {
      authorize: on("DeleteAlias"),
      handle({ FunctionName, Name = "" }) {
        versions.deleteAlias(functions.get(FunctionName).name, Name);
        return {};
      },
    },
  };
}

function aliasConfiguration(functions: FunctionStore, alias: StoredAlias): AliasConfiguration {
  const { name, version, description, routing, revisionId } = alias;
  return {
    AliasArn: `${functions.arn(alias.function)}:${name}`,
    Name: name,
    FunctionVersion: version,
    Description: description,
    ...(routing === undefined
      ? {}
      : { RoutingConfig: { AdditionalVersionWeights: { [routing.version]: routing.weight } } }),
    RevisionId: revisionId,
  };
}

/** @throws AwsError InvalidParameterValueException for more than one further version, or a weight outside 0 to 1 */
export function routingOf(weights: Readonly<Record<string, number>> | undefined): StoredAlias["routing"] {
  const [first, ...others] = Object.entries(weights ?? {});
  if (first === undefined) return undefined;
  const [version, weight] = first;
  if (others.length > 0 || !(weight >= 0 && weight <= 1)) {
    throw new AwsError(
      "InvalidParameterValueException",
      "AdditionalVersionWeights takes one version with a weight from 0 to 1",
      { fields: { Type: "User" } },
    );
  }
  return { version, weight };
}

function checkRevision(given: string | undefined, current: string): void {
  if (given === undefined || given === current) return;
  throw new AwsError(
    "PreconditionFailedException",
    "The RevisionId provided does not match the latest RevisionId. Call the GetFunction/GetAlias API to retrieve the latest RevisionId",
    { status: 412, fields: { Type: "User" } },
  );
}

function page<Item>(
  all: readonly Item[],
  keyOf: (item: Item) => string,
  marker: string | undefined,
  most: number | undefined,
): { items: readonly Item[]; marker: { NextMarker?: string } } {
  const from = marker === undefined ? 0 : all.findIndex((item) => keyOf(item) === marker) + 1;
  const items = all.slice(from, from + (most ?? PAGE));
  const last = items.at(-1);
  const more = last !== undefined && from + items.length < all.length;
  return { items, marker: more ? { NextMarker: keyOf(last) } : {} };
}

/**
 * Reads a CDK cloud assembly (`cdk.out`): its stacks, their templates and their assets, nested assemblies (stages) included.
 * Nothing outside the assembly's own directory is read.
 * Format: https://github.com/aws/aws-cdk-cli/tree/main/packages/%40aws-cdk/cloud-assembly-schema
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { AssemblyError } from "./assembly-error.ts";
import type { StackParameters } from "./given-parameters.ts";
import { isNestedStack } from "./nested-stack.ts";
import { pathInside } from "./path-inside.ts";
import { type Asset, readAssets } from "./read-assets.ts";
import { parseJson, parseTemplate, type Template } from "./template.ts";

export interface StackTemplate {
  template: Template;
  /** As it stands in its file. */
  templateText: string;
  /** Templates of the stacks that nest in it, by logical id; without those that are not files of the assembly. */
  nested: ReadonlyMap<string, StackTemplate>;
}

export interface AssemblyStack extends StackTemplate {
  stackName: string;
  /** Id in the manifest, prefixed with the nested assembly's directory. */
  artifactId: string;
  /** Artifact ids of the stacks that come before this one. */
  dependencies: readonly string[];
  /** Values for its parameters: of those that it has, the ones that were given. */
  given: ReadonlyMap<string, string>;
  /** Those that the app itself gives. */
  byApp: ReadonlyMap<string, string>;
  terminationProtection: boolean;
  /** Where the app says that it is, if it does. */
  place: { accountId?: string | undefined; region?: string | undefined };
}

export interface Assembly {
  directory: string;
  /** In the manifest's order. */
  stacks: readonly AssemblyStack[];
  assets: readonly Asset[];
  /** SHA-256 over manifest, templates and asset manifests: the same digest is the same assembly. */
  digest: string;
}

const Manifest = z.looseObject({
  artifacts: z
    .record(
      z.string(),
      z.looseObject({
        type: z.string(),
        dependencies: z.array(z.string()).optional(),
        properties: z.looseObject({}).optional(),
        environment: z.string().optional(),
      }),
    )
    .default({}),
});
/** `aws://ACCOUNT/REGION`; an app that says neither has words in their place. */
const ENVIRONMENT = /^aws:\/\/(?:(\d{12})|[^/]+)\/(?:([a-z]{2}(?:-[a-z]+)+-\d)|[^/]+)$/;
const StackProperties = z.looseObject({
  templateFile: z.string(),
  stackName: z.string().optional(),
  parameters: z.record(z.string(), z.string()).default({}),
  terminationProtection: z.boolean().default(false),
});
const AssetsProperties = z.looseObject({ file: z.string() });
const NestedProperties = z.looseObject({ directoryName: z.string() });

interface Reading {
  root: string;
  hash: ReturnType<typeof createHash>;
  stacks: AssemblyStack[];
  assets: Asset[];
  parameters: StackParameters | undefined;
}

/**
 * Reads the assembly in `directory`.
 * @param parameters values for its templates; without them, for a look at what it is: loops make nothing
 * @throws AssemblyError AssemblyInvalid when a file is missing or malformed, AssetRefused when one lies outside.
 */
export function readAssembly(directory: string, parameters?: StackParameters): Assembly {
  const root = resolve(directory);
  const reading: Reading = { root, hash: createHash("sha256"), stacks: [], assets: [], parameters };
  readManifest(reading, root, "");
  const names = new Set<string>();
  for (const { stackName } of reading.stacks) {
    if (names.has(stackName)) {
      throw new AssemblyError(
        "AssemblyInvalid",
        `${root} has two stacks named ${stackName}; an account and region take one, give them different names`,
      );
    }
    names.add(stackName);
  }
  const stacks = reading.stacks.map((stack) => ({ ...stack, nested: nestedIn(reading, stack.template, []) }));
  const assets = reading.assets.filter(({ isTemplate }) => !isTemplate);
  return { directory: root, stacks, assets, digest: reading.hash.digest("hex") };
}

function readManifest(reading: Reading, directory: string, prefix: string): void {
  const path = join(directory, "manifest.json");
  const manifest = shaped(Manifest, parseJson(readText(reading, path), path), path);
  for (const [id, artifact] of Object.entries(manifest.artifacts)) {
    const where = `${path}, artifact ${id}`;
    if (artifact.type === "aws:cloudformation:stack") {
      const properties = shaped(StackProperties, artifact.properties, where);
      const file = pathInside(reading.root, directory, properties.templateFile);
      const templateText = readText(reading, file);
      const stackName = properties.stackName ?? id;
      const byApp = new Map(Object.entries(properties.parameters));
      const given = reading.parameters?.(stackName);
      const template = parseTemplate(templateText, file, given ? new Map([...byApp, ...given]) : "not looked at");
      reading.stacks.push({
        stackName,
        place: placeIn(artifact.environment),
        artifactId: prefix + id,
        dependencies: (artifact.dependencies ?? []).map((dependency) => prefix + dependency),
        template,
        templateText,
        byApp,
        given: new Map([...(given ?? [])].filter(([name]) => Object.hasOwn(template.Parameters, name))),
        terminationProtection: properties.terminationProtection,
        nested: new Map(),
      });
    } else if (artifact.type === "cdk:asset-manifest") {
      const file = pathInside(reading.root, directory, shaped(AssetsProperties, artifact.properties, where).file);
      reading.assets.push(...readAssets(reading.root, directory, parseJson(readText(reading, file), file), file));
    } else if (artifact.type === "cdk:cloud-assembly") {
      const { directoryName } = shaped(NestedProperties, artifact.properties, where);
      readManifest(reading, pathInside(reading.root, directory, directoryName), `${prefix}${directoryName}/`);
    }
  }
}

/** A nested stack's template is an asset, and the URL that names it ends with the asset's key. */
function nestedIn(reading: Reading, template: Template, above: readonly string[]): Map<string, StackTemplate> {
  const found = new Map<string, StackTemplate>();
  for (const [logicalId, { Type, Properties }] of Object.entries(template.Resources)) {
    if (!isNestedStack(Type)) continue;
    const url = JSON.stringify(Properties?.TemplateURL) ?? "";
    const path = reading.assets.find(
      ({ objectKey, packaging }) => packaging === "file" && url.includes(objectKey),
    )?.path;
    if (path === undefined) continue;
    if (above.includes(path))
      throw new AssemblyError(
        "AssemblyCycle",
        `nested stacks in a ring: ${[...above, path].join(" → ")}; leave one of them out`,
      );
    const templateText = readText(reading, path);
    const inner = parseTemplate(templateText, path, reading.parameters ? "of a nested stack" : "not looked at");
    found.set(logicalId, { template: inner, templateText, nested: nestedIn(reading, inner, [...above, path]) });
  }
  return found;
}

function placeIn(environment = ""): AssemblyStack["place"] {
  const [, accountId, region] = ENVIRONMENT.exec(environment) ?? [];
  return { accountId, region };
}

/** Where an assembly's stacks say that they are, if all that say it agree. */
export function placeOfAssembly({ stacks }: Pick<Assembly, "stacks">): AssemblyStack["place"] {
  const one = (values: readonly (string | undefined)[]) => {
    const said = new Set(values.filter((value) => value !== undefined));
    return said.size === 1 ? [...said][0] : undefined;
  };
  return {
    accountId: one(stacks.map(({ place }) => place.accountId)),
    region: one(stacks.map(({ place }) => place.region)),
  };
}

function readText(reading: Reading, path: string): string {
  try {
    const text = readFileSync(path, "utf8");
    reading.hash.update(`${path.slice(reading.root.length)}\0${text.length}\0${text}`);
    return text;
  } catch (cause) {
    throw new AssemblyError(
      "AssemblyInvalid",
      `expected a file of a cloud assembly at ${path}, and it cannot be read (${codeOf(cause)}); synthesize the app first: npx cdk synth in its project, npx tidemill synth in this one`,
      { cause },
    );
  }
}

function codeOf(thrown: unknown): string {
  return thrown instanceof Error && "code" in thrown ? String(thrown.code) : String(thrown);
}

function shaped<T extends z.ZodType>(schema: T, value: unknown, where: string): z.infer<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new AssemblyError(
    "AssemblyInvalid",
    `${where} is not what a CDK assembly has: ${z.prettifyError(parsed.error)}`,
  );
}

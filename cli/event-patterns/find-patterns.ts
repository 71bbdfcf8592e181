/** Event patterns where they are written: as text, in a file of their own, in templates. */
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { CommandFailure } from "../failure.ts";
import { parseGiven, readGiven } from "../given-file.ts";

/** `pattern` is text where the text is at hand. */
export type WrittenPattern = Readonly<{ where: string; pattern: string | object }>;

const Json = z.record(z.string(), z.unknown());
const Template = z.object({
  Resources: z.record(z.string(), z.object({ Type: z.string(), Properties: z.unknown().optional() })),
});
const Rule = z.object({ EventPattern: z.union([z.string(), Json]) });
const TYPES: ReadonlySet<string> = new Set(["AWS::Events::Rule", "AWS::Events::Archive"]);
const ANY_VALUE = [{ exists: true }];

/**
 * @param source a pattern as JSON, or a path: of a pattern, a rule with EventPattern, a template, or an assembly
 * @throws {CommandFailure} 2 for what cannot be read, 3 for a file that is not JSON
 */
export function findPatterns(source: string): WrittenPattern[] {
  if (source.trimStart().startsWith("{")) return [{ where: "pattern", pattern: source }];
  if (!isFolder(source)) return inFile(source);
  const templates = readdirSync(source).filter((name) => name.endsWith(".template.json"));
  return templates.sort().flatMap((name) => inFile(join(source, name)));
}

function inFile(file: string): WrittenPattern[] {
  const text = readGiven(file);
  const value = parseGiven(file, text, 3);
  const template = Template.safeParse(value);
  if (template.success) return inTemplate(file, template.data);
  const rule = Rule.safeParse(value);
  return [{ where: file, pattern: rule.success ? rule.data.EventPattern : text }];
}

function inTemplate(file: string, { Resources }: z.infer<typeof Template>): WrittenPattern[] {
  return Object.entries(Resources).flatMap(([id, { Type, Properties }]) => {
    const rule = TYPES.has(Type) ? Rule.safeParse(Properties) : undefined;
    if (!rule?.success) return [];
    const { EventPattern } = rule.data;
    const pattern = typeof EventPattern === "string" ? EventPattern : resolved(EventPattern);
    return isIntrinsic(pattern) ? [] : [{ where: `${file} ${id}`, pattern }];
  });
}

/** A field whose values the template computes may have any. */
function resolved(pattern: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const fields = Object.entries(pattern).map(([name, value]): [string, unknown] => {
    if (name === "$or" && Array.isArray(value))
      return [name, value.map((branch) => resolved(Json.catch({}).parse(branch)))];
    if (Array.isArray(value)) return [name, hasIntrinsic(value) ? ANY_VALUE : value];
    if (isIntrinsic(value)) return [name, ANY_VALUE];
    const object = Json.safeParse(value);
    return [name, object.success ? resolved(object.data) : value];
  });
  return Object.fromEntries(fields);
}

function hasIntrinsic(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return isIntrinsic(value) || Object.values(value).some(hasIntrinsic);
}

function isIntrinsic(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const [name = "", ...others] = Object.keys(value);
  return others.length === 0 && (name === "Ref" || name.startsWith("Fn::"));
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    throw new CommandFailure(
      2,
      `${path} cannot be read; expected a pattern as JSON, or the path of a file or assembly`,
    );
  }
}

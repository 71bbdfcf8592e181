/**
 * Fn::ForEach: a template with every loop replaced by what it makes, before anything else reads it.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-foreach.html
 */
import { z } from "zod";
import { AssemblyError } from "./assembly-error.ts";
import { resolveValue } from "./resolve-value.ts";
import type { Scope } from "./scope.ts";
import { hasLanguageExtensions } from "./transforms.ts";

/** Values of parameters that a collection may name: those given by name, or why there are none. */
export type LoopValues = ReadonlyMap<string, string> | "of a nested stack" | "not looked at";

/** Sections in which a loop may stand. */
const SECTIONS: ReadonlySet<string> = new Set(["Conditions", "Resources", "Outputs"]);
const LOOP = "Fn::ForEach::";
/** More than any template within CloudFormation's limits makes; keeps nested loops from exhausting memory. */
const MOST_ROUNDS = 20_000;

const Loop = z.tuple([z.string(), z.unknown(), z.record(z.string(), z.unknown())]);
const Collection = z.array(z.union([z.string(), z.number(), z.boolean()]).transform(String));
const Named = z.looseObject({
  Parameters: z.record(z.string(), z.looseObject({ Type: z.unknown(), Default: z.unknown() })).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
});

interface Expansion {
  where: string;
  /** The items of a loop's collection. */
  items(collection: unknown, at: string): string[];
  rounds: number;
}

/**
 * `template` without loops.
 * @throws AssemblyError AssemblyInvalid for a malformed loop, AssemblyUnsupported for a collection that is not known before anything is made
 */
export function expandLoops(template: unknown, where: string, values: LoopValues): unknown {
  if (typeof template !== "object" || template === null) return template;
  const expansion: Expansion = {
    where,
    rounds: 0,
    items(collection, at) {
      if (!hasLanguageExtensions(template))
        throw invalid(at, "loops need the template's Transform to be AWS::LanguageExtensions");
      if (values === "not looked at") return [];
      const parsed = Collection.safeParse(resolveValue(collection, scopeOf(template, values, at), at));
      if (parsed.success) return parsed.data;
      throw invalid(at, `the collection is not a list of texts: ${JSON.stringify(collection)}`);
    },
  };
  return Object.fromEntries(
    Object.entries(template).map(([name, section]) => [
      name,
      SECTIONS.has(name) ? expanded(section, expansion) : section,
    ]),
  );
}

function expanded(value: unknown, expansion: Expansion): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((entry) => expanded(entry, expansion));
  const members = new Map<string, unknown>();
  for (const [key, inner] of Object.entries(value)) {
    const made = key.startsWith(LOOP) ? turnsOf(key, inner, expansion) : [[key, expanded(inner, expansion)] as const];
    for (const [name, member] of made) {
      if (members.has(name)) throw invalid(`${expansion.where}, ${key}`, `${name} is there already`);
      members.set(name, member);
    }
  }
  return Object.fromEntries(members);
}

function turnsOf(key: string, loop: unknown, expansion: Expansion): [string, unknown][] {
  const at = `${expansion.where}, ${key}`;
  const parsed = Loop.safeParse(loop);
  if (!parsed.success) throw invalid(at, "a loop is [identifier, collection, {key: fragment}]");
  const [identifier, collection, fragment] = parsed.data;
  return expansion.items(collection, at).flatMap((item) => {
    expansion.rounds += 1;
    if (expansion.rounds > MOST_ROUNDS)
      throw invalid(at, `the template's loops go around more than ${MOST_ROUNDS} times`);
    const turn = expanded(withItem(fragment, identifier, item), expansion);
    return Object.entries(turn ?? {});
  });
}

/** `fragment` with the identifier replaced: as a Ref, as `${Identifier}`, and as `&{Identifier}` without what ids may not hold. */
function withItem(fragment: unknown, identifier: string, item: string): unknown {
  const text = (given: string) =>
    given
      .replaceAll(`\${${identifier}}`, () => item)
      .replaceAll(`&{${identifier}}`, () => item.replaceAll(/[^A-Za-z0-9]/g, ""));
  if (typeof fragment === "string") return text(fragment);
  if (typeof fragment !== "object" || fragment === null) return fragment;
  if (Array.isArray(fragment)) return fragment.map((entry) => withItem(entry, identifier, item));
  const entries = Object.entries(fragment);
  const [only, second] = entries;
  if (only?.[0] === "Ref" && only[1] === identifier && second === undefined) return item;
  return Object.fromEntries(entries.map(([key, inner]) => [text(key), withItem(inner, identifier, item)]));
}

/** Parameters by value or default, and mappings: all that a collection may refer to. */
function scopeOf(template: object, values: Exclude<LoopValues, "not looked at">, at: string): Scope {
  const { Parameters, Mappings } = Named.parse(template);
  const later = (what: string) => (): never => {
    throw new AssemblyError(
      "AssemblyUnsupported",
      `${at}: the collection hangs on ${what}; loops go over lists, parameters with a value and mappings here: write the list out`,
    );
  };
  const parameter = (name: string): unknown => {
    if (values === "of a nested stack") return later("a parameter of a nested stack")();
    const { Type, Default } = Parameters[name] ?? {};
    const text = values.get(name) ?? Default;
    if (text === undefined) throw invalid(at, `the parameter ${name} has neither a value nor a default`);
    const isList = Type === "CommaDelimitedList" || String(Type).startsWith("List<");
    if (!isList && Type !== "String" && Type !== "Number") return later(`a parameter of type ${String(Type)}`)();
    return isList
      ? String(text)
          .split(",")
          .map((entry) => entry.trim())
      : text;
  };
  return {
    stackName: "",
    region: "",
    hasParameter: (name) => Object.hasOwn(Parameters, name),
    parameter,
    mappings: Mappings,
    condition: later("a condition"),
    reference: (name) => later(name)(),
    attribute: (name) => later(name)(),
    importValue: later("another stack's export"),
    stackOutput: later("another stack's output"),
  };
}

const invalid = (at: string, why: string) => new AssemblyError("AssemblyInvalid", `${at}: ${why}`);

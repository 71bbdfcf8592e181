/** The parts of a definition that a run can reach: states, branches of Choice states, retriers and catchers. */
import { isArray, isObject, type JsonObject, type JsonValue } from "../json.ts";

/** A branch is a rule of a Choice state, or its Default. */
export type PartKind = "state" | "branch" | "retrier" | "catcher";

/** One part of a definition. */
export type Part = Readonly<{
  kind: PartKind;
  state: string;
  /** Where it stands: `/States/Train/Catch[0]`. */
  location: string;
  /** What a reader knows it by: `Train: Catch[0] [States.ALL] → Failed`. */
  label: string;
}>;

/** All parts, in the order of the text. */
export function partsOf(definition: JsonObject): Part[] {
  const parts: Part[] = [];
  visitFlow(definition, "", parts);
  return parts;
}

function visitFlow(flow: JsonObject, at: string, parts: Part[]): void {
  for (const [name, state] of Object.entries(isObject(flow.States) ? flow.States : {})) {
    if (isObject(state)) visitState(name, state, `${at}/States/${name}`, parts);
  }
}

function visitState(state: string, source: JsonObject, location: string, parts: Part[]): void {
  parts.push({ kind: "state", state, location, label: state });
  const add = (kind: PartKind, field: string, what: string) =>
    parts.push({ kind, state, location: `${location}/${field}`, label: `${state}: ${field}${what}` });
  if (source.Type === "Choice") {
    for (const [index, rule] of objects(source.Choices).entries())
      add("branch", `Choices[${index}]`, onward(rule.Next));
    if (source.Default !== undefined) add("branch", "Default", onward(source.Default));
  }
  for (const [index, retrier] of objects(source.Retry).entries()) add("retrier", `Retry[${index}]`, names(retrier));
  for (const [index, catcher] of objects(source.Catch).entries()) {
    add("catcher", `Catch[${index}]`, `${names(catcher)}${onward(catcher.Next)}`);
  }
  for (const [index, branch] of objects(source.Branches).entries()) {
    visitFlow(branch, `${location}/Branches[${index}]`, parts);
  }
  const field = source.ItemProcessor === undefined ? "Iterator" : "ItemProcessor";
  const processor = source[field];
  if (isObject(processor)) visitFlow(processor, `${location}/${field}`, parts);
}

function objects(value: JsonValue | undefined): JsonObject[] {
  return (isArray(value) ? value : []).filter(isObject);
}

function onward(next: JsonValue | undefined): string {
  return typeof next === "string" ? ` → ${next}` : "";
}

function names({ ErrorEquals }: JsonObject): string {
  return isArray(ErrorEquals) ? ` [${ErrorEquals.join(", ")}]` : "";
}

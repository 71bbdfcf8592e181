/** Where a JSON value departs from an API's shape, in the value's own order; without recursion, since both may nest deeply. */
import type { ApiModel, ApiShape } from "./api-model.ts";
import { truthValue } from "./truth-value.ts";

export interface ApiProblem {
  /** `null` is a required member that is there without a value, where null counts as absent. */
  kind: "missing" | "null" | "type" | "enum" | "below" | "above" | "unknown";
  /** The member's own name; a list's items go by the name of the list. Empty for the value itself. */
  field: string;
  /** Names of members and places in lists from the outside in, without the last of a missing or unknown member. */
  path: readonly string[];
  shape: ApiShape;
}

export type CheckOptions = Readonly<{
  /** Whether required members must be there. */
  required?: boolean;
  /** Whether members that the API does not have are a problem. */
  unknown?: boolean;
  /** A member as it is written → as the API names it; the same unless given. */
  named?: (written: string) => string;
  /** Numbers as timestamps, objects as texts: what Step Functions converts in a task's parameters. */
  convertible?: boolean;
  /** Whether a member that is null is one that is not there, as in a task's parameters. */
  nullIsAbsent?: boolean;
}>;

interface Pending {
  value: unknown;
  shape: ApiShape | undefined;
  field: string;
  /** The value's own place, innermost first: copied into a path only for a problem, since values may nest deeply. */
  place: Place | undefined;
}

type Place = Readonly<{ name: string; outer: Place | undefined }>;

/** Yields each problem; take the first and the rest costs nothing. */
export function* shapeProblems(
  model: ApiModel,
  shape: ApiShape,
  value: unknown,
  options: CheckOptions,
): Generator<ApiProblem> {
  const open: Pending[] = [{ value, shape, field: "", place: undefined }];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.shape === undefined || next.shape.t === "document") continue;
    if (next.value === null && next.place !== undefined && options.nullIsAbsent === true) continue;
    const found = kindOfProblem(next.shape, next.value, options);
    if (found !== undefined) yield { kind: found, field: next.field, path: pathOf(next.place), shape: next.shape };
    if (found === "type") continue;
    if (next.shape.t === "structure") yield* memberProblems(next.shape, next, options);
    open.push(...childrenOf(model, next.shape, next, options.named ?? asWritten).reverse());
  }
}

/** The value at the path of a problem, where members are written as the API names them. */
export function valueAt(parameters: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined),
    parameters,
  );
}

type Structure = Extract<ApiShape, { t: "structure" }>;

function* memberProblems(shape: Structure, { value, place }: Pending, options: CheckOptions): Generator<ApiProblem> {
  const { named = asWritten, nullIsAbsent } = options;
  const given = Object.entries(asObject(value));
  const members = new Map<string, unknown>(given.map(([written, each]) => [named(written), each]));
  for (const field of options.required === true ? (shape.r ?? []) : []) {
    if (!members.has(field)) yield { kind: "missing", field, path: pathOf(place), shape };
    else if (members.get(field) === null && nullIsAbsent === true)
      yield { kind: "null", field, path: pathOf(place), shape };
  }
  if (options.unknown !== true) return;
  for (const [field, each] of given) {
    if (each === null && nullIsAbsent === true) continue;
    if (!Object.hasOwn(shape.m, named(field))) yield { kind: "unknown", field, path: pathOf(place), shape };
  }
}

const asWritten = (written: string) => written;

function childrenOf(
  model: ApiModel,
  shape: ApiShape,
  { value, field, place: outer }: Pending,
  named: (written: string) => string,
): Pending[] {
  if (shape.t === "list" && Array.isArray(value)) {
    const item = model.shape(shape.v);
    return value.map((inner: unknown, index) => ({
      value: inner,
      shape: item,
      field,
      place: { name: String(index), outer },
    }));
  }
  if (shape.t === "map") {
    const inner = model.shape(shape.v);
    return Object.entries(asObject(value)).map(([name, each]) => ({
      value: each,
      shape: inner,
      field,
      place: { name, outer },
    }));
  }
  if (shape.t !== "structure") return [];
  return Object.entries(asObject(value)).flatMap(([written, each]) => {
    const name = named(written);
    return Object.hasOwn(shape.m, name)
      ? [{ value: each, shape: model.shape(shape.m[name]), field: name, place: { name, outer } }]
      : [];
  });
}

function pathOf(place: Place | undefined): string[] {
  const path: string[] = [];
  for (let at = place; at !== undefined; at = at.outer) path.push(at.name);
  return path.reverse();
}

function kindOfProblem(shape: ApiShape, value: unknown, options: CheckOptions): ApiProblem["kind"] | undefined {
  if (!hasType(shape, value, options)) return "type";
  if (shape.t === "string" && shape.e !== undefined && !shape.e.includes(String(value))) return "enum";
  if (!("min" in shape || "max" in shape)) return undefined;
  const size = sizeOf(value);
  if (size === undefined) return undefined;
  if (shape.min !== undefined && size < shape.min) return "below";
  return shape.max !== undefined && size > shape.max ? "above" : undefined;
}

function hasType(shape: ApiShape, value: unknown, { convertible }: CheckOptions): boolean {
  switch (shape.t) {
    case "structure":
    case "map":
      return typeof value === "object" && value !== null && !Array.isArray(value);
    case "list":
      return Array.isArray(value);
    case "string":
    case "blob":
      return typeof value === "string" || (convertible === true && typeof value === "object");
    case "timestamp":
      return typeof value === "string" || (convertible === true && typeof value === "number");
    case "integer":
      return Number.isInteger(value);
    case "float":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean" || (convertible === true && truthValue(value) !== undefined);
    case "document":
      return true;
  }
}

/** Characters, items, members or the number itself. */
function sizeOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "string" || Array.isArray(value)) return value.length;
  return undefined;
}

function asObject(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}

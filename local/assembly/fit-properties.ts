/** A resource's properties held against what its type takes. */
import type { z } from "zod";
import { intrinsicOf } from "./intrinsic.ts";
import { hasIntrinsics } from "./known-beforehand.ts";

type Path = readonly PropertyKey[];

export interface Misfits {
  /** Properties that the type does not take. */
  unknown: readonly Path[];
  /** Values it does not take, each said in words. */
  wrong: readonly string[];
}

/** A scalar may be of another type than the one that was read by at most as many properties deep as any has. */
const MOST_ROUNDS = 20;

/** What of `properties` does not fit; what hangs on an intrinsic that stands is not judged. */
export function misfits(properties: unknown, schema: z.ZodType): Misfits {
  const issues = schema.safeParse(fitted(properties, schema)).error?.issues ?? [];
  const unknown: Path[] = [];
  const wrong: string[] = [];
  for (const issue of issues) {
    const [value, insideIntrinsic] = follow(properties, issue.path);
    if (insideIntrinsic) continue;
    if (issue.code === "unrecognized_keys") unknown.push(...issue.keys.map((key) => [...issue.path, key]));
    else if (!hasIntrinsics(value)) wrong.push(`${nameOf(issue.path)}: ${issue.message}`);
  }
  return { unknown, wrong };
}

/** `properties` with scalars as the type reads them: texts of numbers and truth values, and numbers where text is due. */
export function fitted(properties: unknown, schema: z.ZodType): unknown {
  let value = properties;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const issues = schema.safeParse(value).error?.issues ?? [];
    const changes = issues.flatMap((issue) => {
      if (issue.code !== "invalid_type") return [];
      const scalar = scalarAs(issue.expected, follow(value, issue.path)[0]);
      return scalar === undefined ? [] : [{ path: issue.path, scalar }];
    });
    if (changes.length === 0) return value;
    value = changes.reduce((changed, { path, scalar }) => replaced(changed, path, scalar), value);
  }
  return value;
}

/** `properties` without what is at `paths`. */
export function without(properties: unknown, paths: readonly Path[]): unknown {
  return paths.reduce((rest, path) => replaced(rest, path, undefined), properties);
}

/** A path as messages have it. */
export const nameOf = (path: Path): string => path.map(String).join(".") || "properties";

function scalarAs(expected: string, value: unknown): string | number | boolean | undefined {
  if (expected === "string" && (typeof value === "number" || typeof value === "boolean")) return String(value);
  if (typeof value !== "string") return undefined;
  if ((expected === "number" || expected === "int") && /^-?\d+(\.\d+)?$/.test(value)) return Number(value);
  if (expected === "boolean" && /^(true|false)$/i.test(value)) return value.toLowerCase() === "true";
  return undefined;
}

/** The value at `path`, and whether an intrinsic stands on the way to it, or at its end. */
function follow(root: unknown, path: Path): [value: unknown, insideIntrinsic: boolean] {
  let value = root;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return [undefined, false];
    if (intrinsicOf(value)) return [undefined, true];
    value = Object.entries(value).find(([name]) => name === String(key))?.[1];
  }
  return [value, typeof value === "object" && value !== null && intrinsicOf(value) !== undefined];
}

function replaced(root: unknown, [key, ...rest]: Path, scalar: string | number | boolean | undefined): unknown {
  if (key === undefined) return scalar;
  if (typeof root !== "object" || root === null) return root;
  if (Array.isArray(root))
    return root.map((entry, index) => (index === Number(key) ? replaced(entry, rest, scalar) : entry));
  const entries = Object.entries(root).map(([name, value]) => [
    name,
    name === String(key) ? replaced(value, rest, scalar) : value,
  ]);
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

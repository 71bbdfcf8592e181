/** Predicates that no value of a field's type, or none of the values it takes, satisfies. */
import { closestName } from "./closest-name.ts";
import type { FieldShape } from "./event-vocabulary.ts";
import { finding, type LintFinding } from "./lint-finding.ts";
import { describePredicate, type Field, type Predicate } from "./predicate.ts";
import { compilePredicate } from "./test-predicate.ts";

type Leaf = Extract<FieldShape, { type: unknown }>;
type ValueType = "string" | "number" | "boolean" | "null" | "any";

/** @param leaves what is known of the field, one of each event the pattern may match */
export function lintValues(field: Field, leaves: readonly Leaf[]): LintFinding[] {
  return field.predicates.flatMap((predicate) => {
    if (leaves.some((leaf) => admits(leaf, predicate))) return [];
    const ofType = leaves.filter(({ type }) => isOfType(type, predicate));
    return ofType.length > 0 ? outsideValues(field.path, predicate, ofType) : otherType(field.path, predicate, leaves);
  });
}

/** The type of the values that can satisfy a predicate. */
function typeOf(predicate: Predicate): ValueType {
  switch (predicate.kind) {
    case "number":
    case "range":
      return "number";
    case "literal":
      return predicate.value === null ? "null" : "boolean";
    case "exists":
    case "anything-but":
      return "any";
    default:
      return "string";
  }
}

function isOfType(type: Leaf["type"], predicate: Predicate): boolean {
  const wanted = typeOf(predicate);
  // Any field may be null; no schema tells.
  return type === "any" || wanted === "any" || wanted === "null" || type === wanted;
}

function admits({ type, values }: Leaf, predicate: Predicate): boolean {
  if (!isOfType(type, predicate)) return false;
  if (values === undefined || typeOf(predicate) !== "string") return true;
  return values.some(compilePredicate(predicate));
}

function outsideValues(path: string, predicate: Predicate, leaves: readonly Leaf[]): LintFinding[] {
  const values = [...new Set(leaves.flatMap(({ values: some }) => some ?? []))];
  const written = predicate.kind === "string" || predicate.kind === "equals-ignore-case" ? predicate.value : undefined;
  const meant = written === undefined ? undefined : closestName(written, values);
  const wrong = `${describePredicate(predicate)} is none of its values, ${values.slice(0, 12).join(", ")}`;
  return [finding("UNKNOWN_VALUE", path, wrong, meant === undefined ? undefined : JSON.stringify(meant))];
}

function otherType(path: string, predicate: Predicate, leaves: readonly Leaf[]): LintFinding[] {
  const types = [...new Set(leaves.map(({ type }) => type))];
  const wrong = `its value is a ${types.join(" or a ")}, which ${describePredicate(predicate)} never matches`;
  return [finding("WRONG_TYPE", path, wrong, converted(predicate, types))];
}

function converted(predicate: Predicate, types: readonly Leaf["type"][]): string | undefined {
  if (predicate.kind === "number" && types.includes("string")) return JSON.stringify(predicate.digits);
  if (predicate.kind === "literal" && types.includes("string")) return JSON.stringify(String(predicate.value));
  if (predicate.kind !== "string") return undefined;
  if (types.includes("number") && predicate.value.trim() !== "" && Number.isFinite(Number(predicate.value)))
    return String(Number(predicate.value));
  const lower = predicate.value.toLowerCase();
  return types.includes("boolean") && (lower === "true" || lower === "false") ? lower : undefined;
}

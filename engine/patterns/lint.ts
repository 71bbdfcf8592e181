/**
 * What a pattern's author has probably not meant, judged by the events that are known.
 *
 *   L1. A pattern AWS refuses is refused; findings are about patterns it takes.
 *   L2. What the vocabulary does not know is no finding by itself: services publish events nobody lists. A name very
 *       like a known one is, and so is a field that none of the known events the pattern names has.
 */
import { closestName } from "./closest-name.ts";
import { duplicateFields } from "./duplicate-fields.ts";
import { ENVELOPE, type EventVocabulary, type FieldShape, findShape, leafPaths } from "./event-vocabulary.ts";
import { finding, type LintFinding } from "./lint-finding.ts";
import { lintAlternatives, lintNesting } from "./lint-logic.ts";
import { exactStrings, lintDetailType, lintSource } from "./lint-names.ts";
import { lintValues } from "./lint-values.ts";
import { parsePattern } from "./parse-pattern.ts";
import type { Field, SubRule } from "./predicate.ts";

/**
 * @param pattern as JSON text, or as the value it stands for; only text tells of fields given twice
 * @param vocabulary the events that are known
 * @returns findings in the order of the pattern's alternatives and paths, each once
 * @throws InvalidEventPatternError
 */
export function lint(pattern: string | object, vocabulary: EventVocabulary): LintFinding[] {
  const subRules = parsePattern(pattern);
  const found = typeof pattern === "string" ? duplicateFields(pattern) : [];
  for (const subRule of subRules) found.push(...lintSubRule(subRule, vocabulary));
  return [...new Map(found.map((one) => [one.message, one])).values()];
}

function lintSubRule({ fields }: SubRule, vocabulary: EventVocabulary): LintFinding[] {
  const source = fields.find(({ path }) => path === "source");
  const detailType = fields.find(({ path }) => path === "detail-type");
  const sources = exactStrings(source);
  const shapes = shapesMeant(source, detailType, vocabulary);
  return [
    ...lintSource(source, vocabulary),
    ...lintDetailType(detailType, sources, vocabulary),
    ...fields.flatMap((field) => [...lintField(field, shapes), ...lintAlternatives(field)]),
    ...lintNesting(fields),
  ];
}

/** The details of the events a pattern names; none unless it names all it can match, and all of them are known. */
function shapesMeant(
  source: Field | undefined,
  detailType: Field | undefined,
  vocabulary: EventVocabulary,
): FieldShape[] {
  const sources = exactStrings(source);
  const detailTypes = exactStrings(detailType);
  if (detailTypes.length === 0 || detailTypes.length !== detailType?.predicates.length) return [];
  if (sources.length !== (source?.predicates.length ?? 0)) return [];
  const meant = vocabulary.filter(
    (event) => detailTypes.includes(event.detailType) && (source === undefined || sources.includes(event.source)),
  );
  return detailTypes.every((name) => meant.some((event) => event.detailType === name))
    ? meant.map(({ detail }) => detail)
    : [];
}

function lintField(field: Field, shapes: readonly FieldShape[]): LintFinding[] {
  const { path } = field;
  if (path === "detail") return inObject(field, "detail");
  if (path.startsWith("detail.")) return shapes.length === 0 ? [] : lintDetail(field, shapes);
  const found = findShape({ fields: ENVELOPE }, path);
  if ("shape" in found) return "type" in found.shape ? lintValues(field, [found.shape]) : [];
  if (onlyAbsence(field)) return [];
  const [name = ""] = path.split(".");
  const rest = path.slice(name.length);
  const envelope = closestName(name, [...Object.keys(ENVELOPE), "detail"]);
  const inside = shapes.some((shape) => "shape" in findShape(shape, path)) ? `detail.${path}` : undefined;
  const meant = inside ?? (envelope === undefined ? undefined : `${envelope}${rest}`);
  return [finding("UNKNOWN_FIELD", path, "no event has this field outside detail", meant)];
}

function lintDetail(field: Field, shapes: readonly FieldShape[]): LintFinding[] {
  const path = field.path.slice("detail.".length);
  const found = shapes.map((shape) => findShape(shape, path));
  const there = found.flatMap((one) => ("shape" in one ? [one.shape] : []));
  const leaves = there.flatMap((shape) => ("type" in shape ? [shape] : []));
  if (leaves.length > 0) return lintValues(field, leaves);
  if (there.length > 0) return inObject(field, field.path);
  if (onlyAbsence(field)) return [];
  const beyond = found.flatMap((one) => ("beyond" in one && one.beyond !== undefined ? [one.beyond] : []))[0];
  if (beyond !== undefined) {
    const wrong = `detail.${beyond} is a value and has nothing inside`;
    return [finding("UNKNOWN_FIELD", field.path, wrong, `detail.${beyond}`)];
  }
  return [finding("UNKNOWN_FIELD", field.path, "the event has no such field", likelyPath(field.path, shapes))];
}

function inObject(field: Field, path: string): LintFinding[] {
  if (onlyAbsence(field)) {
    const wrong = 'an object is here, of which {"exists":false} is always true; test a field inside it';
    return [finding("MATCHES_EVERYTHING", path, wrong)];
  }
  return [finding("NEVER_MATCHES", path, "an object is here, and a pattern sees only the values inside it")];
}

/** The same name on another level, or another spelling. */
function likelyPath(path: string, shapes: readonly FieldShape[]): string | undefined {
  const known = [...new Set(shapes.flatMap((shape) => leafPaths(shape, "detail")))];
  const name = path.slice(path.lastIndexOf("."));
  const moved = known.filter((one) => one.endsWith(name));
  if (moved.length === 1) return moved[0];
  const parent = path.slice(0, path.lastIndexOf(".") + 1);
  const siblings = known.filter((one) => one.startsWith(parent)).map((one) => one.slice(parent.length));
  const sibling = closestName(name.slice(1), siblings);
  return sibling === undefined ? closestName(path, known) : `${parent}${sibling}`;
}

function onlyAbsence({ predicates }: Field): boolean {
  return predicates.every((predicate) => predicate.kind === "exists" && !predicate.present);
}

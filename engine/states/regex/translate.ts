/**
 * A pattern as RE2 reads it, where RE2 finds the same matches.
 *
 * Two differences stay: a group that the last turn of a repetition left out keeps what an earlier turn matched, and
 * characters beyond U+FFFF are one character each, not two.
 */
import type { RegexNode } from "./syntax.ts";

/** What RE2 cannot do, in the words of whoever wrote the pattern. */
export class NotLinear extends Error {
  override readonly name = "NotLinear";
}

/** @throws {NotLinear} for lookaround, backreferences, and repetitions of what would rather match nothing */
export function asRe2(node: RegexNode): string {
  switch (node.kind) {
    case "character":
    case "assertion":
      return node.re2;
    case "sequence":
      return node.parts.map(asRe2).join("");
    case "alternatives":
      return node.parts.map(asRe2).join("|");
    case "group":
      // The dot is written as a set of its own, which such a flag would not reach.
      if (node.open.includes("s")) throw new NotLinear("it changes what a dot means for a part");
      return `${node.open}${asRe2(node.body)})`;
    case "lookaround":
      throw new NotLinear("it looks ahead or behind");
    case "backreference":
      throw new NotLinear("it refers back to a group");
    case "repeat":
      return `(?:${asRe2(node.body)})${quantifier(node)}`;
  }
}

function quantifier(node: Extract<RegexNode, { kind: "repeat" }>): string {
  const { body, least, most, lazy } = node;
  // JavaScript gives up a turn that takes nothing and tries the body's next way; RE2 ends the repetition there.
  if (most > 1 && prefersNothing(body)) throw new NotLinear("it repeats what would rather match nothing");
  const range = most === Number.POSITIVE_INFINITY ? `{${least},}` : `{${least},${most}}`;
  return `${range}${lazy ? "?" : ""}`;
}

function isNullable(node: RegexNode): boolean {
  switch (node.kind) {
    case "character":
      return false;
    case "sequence":
      return node.parts.every(isNullable);
    case "alternatives":
      return node.parts.some(isNullable);
    case "group":
      return isNullable(node.body);
    case "repeat":
      return node.least === 0 || isNullable(node.body);
    default:
      return true;
  }
}

/** Whether the body can match nothing while a later way of it would match something. */
function prefersNothing(node: RegexNode): boolean {
  if (!isNullable(node)) return false;
  switch (node.kind) {
    case "sequence":
      return node.parts.some(prefersNothing);
    case "alternatives":
      return node.parts.slice(0, -1).some(isNullable) || node.parts.some(prefersNothing);
    case "group":
      return prefersNothing(node.body);
    case "repeat":
      return node.lazy || prefersNothing(node.body);
    default:
      return false;
  }
}

/** What counts as an intrinsic function: an object whose only key is Ref or Fn::*. */
export interface Intrinsic {
  name: string;
  argument: unknown;
}

/** The intrinsic `value` is, or undefined when it is plain data. */
export function intrinsicOf(value: object): Intrinsic | undefined {
  if (Array.isArray(value)) return undefined;
  const [entry, second] = Object.entries(value);
  if (entry === undefined || second !== undefined) return undefined;
  const [name, argument] = entry;
  return name === "Ref" || name.startsWith("Fn::") ? { name, argument } : undefined;
}

/** One piece of an Fn::Sub text: literal characters, or the name between `${` and `}`. */
export type SubPiece = Readonly<{ literal: string }> | Readonly<{ variable: string }>;

/** Splits an Fn::Sub text; `${!x}` is the literal `${x}`. */
export function parseSub(text: string): SubPiece[] {
  const pieces: SubPiece[] = [];
  let last = 0;
  for (const match of text.matchAll(/\$\{(!?)([^}]*)\}/g)) {
    if (match.index > last) pieces.push({ literal: text.slice(last, match.index) });
    const name = (match[2] ?? "").trim();
    pieces.push(match[1] === "!" ? { literal: `\${${match[2]}}` } : { variable: name });
    last = match.index + match[0].length;
  }
  if (last < text.length) pieces.push({ literal: text.slice(last) });
  return pieces;
}

/** Fn::GetAtt's two forms, [id, attribute] and "id.attribute", as a pair; undefined when it is neither. */
export function parseGetAtt(argument: unknown): { logicalId: string; attribute: unknown } | undefined {
  if (typeof argument === "string") {
    const dot = argument.indexOf(".");
    return dot > 0 ? { logicalId: argument.slice(0, dot), attribute: argument.slice(dot + 1) } : undefined;
  }
  if (!Array.isArray(argument) || argument.length !== 2 || typeof argument[0] !== "string") return undefined;
  return { logicalId: argument[0], attribute: argument[1] };
}

/** Reads `States.Format('Hi {}', $.name, States.UUID())` into a tree. */
import type { JsonValue } from "../json.ts";
import { JsonPathSyntaxError, parsePath } from "../jsonpath/parse.ts";
import { INTRINSICS } from "./functions.ts";

export type IntrinsicNode =
  | Readonly<{ kind: "call"; name: string; args: readonly IntrinsicNode[]; text: string }>
  | Readonly<{ kind: "path"; text: string }>
  | Readonly<{ kind: "literal"; value: JsonValue }>;

/** The text is no intrinsic function call. */
export class IntrinsicSyntaxError extends Error {
  override readonly name = "IntrinsicSyntaxError";
  readonly code = "IntrinsicSyntax";

  constructor(text: string, position: number, expected: string) {
    super(`Expected ${expected} at position ${position} of '${text}'`);
  }
}

/** @throws {IntrinsicSyntaxError} also for unknown functions and wrong numbers of arguments */
export function parseIntrinsic(text: string): IntrinsicNode {
  const reader = new Reader(text);
  const node = reader.readArgument();
  reader.skipSpace();
  if (reader.at !== text.length) throw new IntrinsicSyntaxError(text, reader.at, "the end");
  if (node.kind !== "call") throw new IntrinsicSyntaxError(text, 0, "a function call");
  return node;
}

/** AWS's limit of calls inside each other. */
const MAX_NESTING = 10;

class Reader {
  readonly text: string;
  at = 0;
  #nesting = 0;

  constructor(text: string) {
    this.text = text;
  }

  skipSpace(): void {
    while (/\s/.test(this.text[this.at] ?? "")) this.at += 1;
  }

  readArgument(): IntrinsicNode {
    this.skipSpace();
    const head = this.text[this.at];
    if (head === "'") return { kind: "literal", value: this.readString() };
    if (head === "$") return { kind: "path", text: this.readPath() };
    const name = /^States\.\w+/.exec(this.text.slice(this.at))?.[0];
    if (name !== undefined) return this.readCall(name);
    const literal = /^(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/.exec(
      this.text.slice(this.at),
    )?.[0];
    if (literal === undefined) throw new IntrinsicSyntaxError(this.text, this.at, "an argument");
    this.at += literal.length;
    return { kind: "literal", value: JSON.parse(literal) };
  }

  readCall(name: string): IntrinsicNode {
    const start = this.at;
    this.#nesting += 1;
    if (this.#nesting > MAX_NESTING)
      throw new IntrinsicSyntaxError(this.text, start, `at most ${MAX_NESTING} nested calls`);
    const known = INTRINSICS.get(name);
    if (known === undefined) throw new IntrinsicSyntaxError(this.text, start, "an intrinsic function");
    this.at += name.length;
    this.skipSpace();
    if (this.text[this.at] !== "(") throw new IntrinsicSyntaxError(this.text, this.at, "'('");
    this.at += 1;
    const args: IntrinsicNode[] = [];
    this.skipSpace();
    while (this.text[this.at] !== ")") {
      if (args.length > 0) {
        if (this.text[this.at] !== ",") throw new IntrinsicSyntaxError(this.text, this.at, "',' or ')'");
        this.at += 1;
      }
      args.push(this.readArgument());
      this.skipSpace();
    }
    this.at += 1;
    this.#nesting -= 1;
    const [fewest, most] = known.arity;
    if (args.length < fewest || args.length > most) {
      throw new IntrinsicSyntaxError(this.text, start, `${fewest} to ${most} arguments for ${name}`);
    }
    return { kind: "call", name, args, text: this.text.slice(start, this.at) };
  }

  /** `\'`, `\{`, `\}` and `\\` are escapes; braces keep theirs for States.Format. */
  readString(): string {
    let value = "";
    this.at += 1;
    for (; this.at < this.text.length; this.at += 1) {
      const character = this.text[this.at] ?? "";
      if (character === "'") {
        this.at += 1;
        return value;
      }
      if (character !== "\\") value += character;
      else {
        this.at += 1;
        const escaped = this.text[this.at] ?? "";
        value += escaped === "{" || escaped === "}" || escaped === "\\" ? `\\${escaped}` : escaped;
      }
    }
    throw new IntrinsicSyntaxError(this.text, this.at, "a closing quote");
  }

  /** A path ends at a comma or parenthesis outside its brackets. */
  readPath(): string {
    const start = this.at;
    let depth = 0;
    for (; this.at < this.text.length; this.at += 1) {
      const character = this.text[this.at] ?? "";
      if (character === "[" || character === "(") depth += 1;
      if (depth === 0 && (character === "," || character === ")" || /\s/.test(character))) break;
      if (character === "]" || character === ")") depth -= 1;
    }
    const path = this.text.slice(start, this.at);
    try {
      parsePath(path);
    } catch (thrown) {
      if (!(thrown instanceof JsonPathSyntaxError)) throw thrown;
      throw new IntrinsicSyntaxError(this.text, start, `a JSONPath (${thrown.message})`);
    }
    return path;
  }
}

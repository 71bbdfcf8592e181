/**
 * Input transformers: the text a target gets, made from a template and values of the event, as recorded on AWS.
 *
 *   I1. In a template that is JSON, a placeholder outside quotes becomes the value as JSON; inside quotes a string becomes
 *       its characters, and anything else its JSON, which then is seldom valid.
 *   I2. In a template that is quoted text, objects and arrays lose their quotes: `{id:5,tags:[a,b]}`.
 *   I3. A path that finds nothing becomes the empty string.
 *   I4. `\n` between quoted lines is a new line.
 *   I5. What is not valid JSON in the end is not delivered; a template that is quoted text always is.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
import { compileEventPath, type EventPath } from "./event-path.ts";

/** As PutTargets has it: https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_InputTransformer.html */
export interface InputTransformer {
  /** Placeholder to path. */
  readonly InputPathsMap?: Readonly<Record<string, string>> | undefined;
  readonly InputTemplate: string;
}

/** What `<aws.events.*>` stand for, beside the event itself. */
export interface RuleContext {
  readonly ruleArn: string;
  readonly ruleName: string;
  /** When the bus took the event, ISO 8601. */
  readonly ingestionTime: string;
}

/** The text a target gets, or why it gets none. */
export type Rendered =
  | Readonly<{ kind: "rendered"; text: string }>
  /** I5: nothing is delivered; `text` is what it would have been. */
  | Readonly<{ kind: "not-json"; text: string; reason: string }>;

/** A template names a placeholder that no path fills. */
export class InvalidPlaceholderError extends Error {
  override readonly name = "InvalidPlaceholderError";
  readonly code = "ValidationException";
  readonly placeholder: string;

  constructor(placeholder: string) {
    super(`InputTemplate contains invalid placeholder ${placeholder}.`);
    this.placeholder = placeholder;
  }
}

type Piece = string | Readonly<{ value: Source; quoted: boolean }>;
type Source = (event: object, context: RuleContext) => unknown;

const PLACEHOLDER = /<([A-Za-z0-9._-]+)>/y;

const PREDEFINED: Readonly<Record<string, Source>> = {
  "aws.events.rule-arn": (_event, { ruleArn }) => ruleArn,
  "aws.events.rule-name": (_event, { ruleName }) => ruleName,
  "aws.events.event.ingestion-time": (_event, { ingestionTime }) => ingestionTime,
  "aws.events.event": withoutDetail,
  "aws.events.event.json": (event) => event,
};

/**
 * Makes the transformer ready; the function it gives renders one event.
 * @throws InvalidPlaceholderError, InvalidEventPathError
 */
export function compileTransformer(transformer: InputTransformer): (event: object, context: RuleContext) => Rendered {
  const paths = new Map(
    Object.entries(transformer.InputPathsMap ?? {}).map(([name, path]): [string, EventPath] => [
      name,
      compileEventPath(path),
    ]),
  );
  const template = transformer.InputTemplate;
  const isText = template.trimStart().startsWith('"');
  const pieces = parseTemplate(template, isText, paths);
  return (event, context) => {
    const text = pieces
      .map((piece) => (typeof piece === "string" ? piece : write(piece.value(event, context), piece.quoted, isText)))
      .join("");
    return isText ? { kind: "rendered", text } : checked(text);
  };
}

function parseTemplate(template: string, isText: boolean, paths: ReadonlyMap<string, EventPath>): Piece[] {
  const pieces: Piece[] = [];
  let quoted = false;
  let literal = "";
  for (let at = 0; at < template.length; at++) {
    const char = template[at] ?? "";
    PLACEHOLDER.lastIndex = at;
    const placeholder = char === "<" ? PLACEHOLDER.exec(template)?.[1] : undefined;
    if (placeholder !== undefined) {
      pieces.push(literal, { value: sourceOf(placeholder, paths), quoted });
      literal = "";
      at = PLACEHOLDER.lastIndex - 1;
    } else if (char === "\\") {
      const next = template[++at] ?? "";
      literal += isText && !quoted && next === "n" ? "\n" : char + next;
    } else {
      if (char === '"') quoted = !quoted;
      literal += char;
    }
  }
  return [...pieces, literal];
}

function sourceOf(placeholder: string, paths: ReadonlyMap<string, EventPath>): Source {
  const path = paths.get(placeholder);
  if (path !== undefined) return path;
  const predefined = PREDEFINED[placeholder];
  if (predefined === undefined) throw new InvalidPlaceholderError(placeholder);
  return predefined;
}

function write(value: unknown, quoted: boolean, isText: boolean): string {
  const found = value ?? (value === undefined ? "" : null);
  if (typeof found === "string") return quoted ? JSON.stringify(found).slice(1, -1) : JSON.stringify(found);
  const json = JSON.stringify(found);
  return isText && quoted ? json.replaceAll('"', "") : json;
}

function checked(text: string): Rendered {
  try {
    JSON.parse(text);
    return { kind: "rendered", text };
  } catch (thrown) {
    return { kind: "not-json", text, reason: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}

/** As recorded: no detail, detail-type in camel case, and the time of ingestion for the event's own. */
function withoutDetail(event: object, { ingestionTime }: RuleContext): object {
  const { detail: _detail, "detail-type": detailType, ...envelope } = event as Record<string, unknown>;
  return { ...envelope, detailType, time: ingestionTime };
}

/** What is known of the events on a bus: which there are, and the fields of each. */

/** A field: a value of a type, or an object. An array counts as its elements, as a pattern sees it. */
export type FieldShape =
  | Readonly<{
      type: "string" | "number" | "boolean" | "any";
      /** All the values the field takes, where they are known. */
      values?: readonly string[] | undefined;
    }>
  | Readonly<{ fields: Readonly<Record<string, FieldShape>> }>;

/** One event that is put on a bus: who sends it, what it calls it, and what its `detail` holds. */
export type KnownEvent = Readonly<{ source: string; detailType: string; detail: FieldShape }>;

/** What `lint` holds a pattern against; what it does not list is unknown, not wrong. */
export type EventVocabulary = readonly KnownEvent[];

/** What a path leads to in a shape; `beyond` is the path of the value that it would go through. */
export type Found = Readonly<{ shape: FieldShape }> | Readonly<{ beyond: string | undefined }>;

const STRING: FieldShape = { type: "string" };

/** The fields around `detail`. https://docs.aws.amazon.com/eventbridge/latest/ref/overiew-event-structure.html */
export const ENVELOPE: Readonly<Record<string, FieldShape>> = {
  version: STRING,
  id: STRING,
  "detail-type": STRING,
  source: STRING,
  account: STRING,
  time: STRING,
  region: STRING,
  resources: STRING,
  // Only a replayed event has it.
  "replay-name": STRING,
};

/** @param path names joined by dots; a name of the shape may hold dots itself */
export function findShape(shape: FieldShape, path: string, at = ""): Found {
  if ("type" in shape) return shape.type === "any" ? { shape } : { beyond: at };
  const direct = own(shape.fields, path);
  if (direct !== undefined) return { shape: direct };
  for (let dot = path.indexOf("."); dot > 0; dot = path.indexOf(".", dot + 1)) {
    const name = path.slice(0, dot);
    const inner = own(shape.fields, name);
    if (inner !== undefined) return findShape(inner, path.slice(dot + 1), at === "" ? name : `${at}.${name}`);
  }
  return { beyond: undefined };
}

/** The paths of all values in a shape. */
export function leafPaths(shape: FieldShape, prefix: string): string[] {
  if ("type" in shape) return [prefix];
  return Object.entries(shape.fields).flatMap(([name, inner]) => leafPaths(inner, `${prefix}.${name}`));
}

function own(fields: Readonly<Record<string, FieldShape>>, name: string): FieldShape | undefined {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

/** Truth values among the parameters of AWS SDK integrations, as AWS was recorded to read them. */

/** True or false, null for what says nothing, undefined for what is no truth value. */
export function truthValue(value: unknown): boolean | null | undefined {
  if (typeof value === "boolean") return value;
  if (typeof value === "number") return Number.isInteger(value) ? value !== 0 : undefined;
  if (typeof value !== "string") return undefined;
  return TEXTS.get(value.trim());
}

const TEXTS: ReadonlyMap<string, boolean | null> = new Map([
  ...["true", "True", "TRUE"].map((text) => [text, true] as const),
  ...["false", "False", "FALSE"].map((text) => [text, false] as const),
  ...["", "null"].map((text) => [text, null] as const),
]);

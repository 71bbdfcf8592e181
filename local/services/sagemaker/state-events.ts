/** Event details as SageMaker writes them: the Describe document with times as epoch milliseconds. */

/** @param extra members the event has beyond Describe, or in another form */
export function eventDetail(document: object, extra: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { ...withMillis(document), ...extra };
}

function withMillis(value: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .map(([name, member]) => [name, convert(member)]),
  );
}

function convert(value: unknown): unknown {
  if (value instanceof Date) return value.getTime();
  if (Array.isArray(value)) return value.map(convert);
  if (typeof value === "object" && value !== null) return withMillis(value);
  return value;
}

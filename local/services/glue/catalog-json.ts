/** JSON that keeps Dates: the catalog's shapes carry them, and answers must give them back as Dates. */
export function encodeBody(value: object): string {
  return JSON.stringify(value, function replace(this: Record<string, unknown>, key: string, encoded: unknown) {
    const original = this[key];
    return original instanceof Date ? { $date: original.getTime() } : encoded;
  });
}

export function decodeBody<T>(text: unknown): T {
  return JSON.parse(String(text), (_key, value: unknown) =>
    typeof value === "object" && value !== null && "$date" in value && typeof value.$date === "number"
      ? new Date(value.$date)
      : value,
  );
}

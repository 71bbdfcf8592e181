/** Scalars as they stand in labels, query strings and headers. Timestamp formats: https://smithy.io/2.0/spec/protocol-traits.html */
import type { NormalizedSchema } from "@smithy/core/schema";

// Smithy's numeric type codes of the timestamp formats other than http-date in the SDK's static schemas.
const DATE_TIME = 5;
const EPOCH_SECONDS = 7;

/** The value of `text` by the member's type; undefined when it is not one. */
export function parseText(member: NormalizedSchema, text: string, place: "label" | "query" | "header"): unknown {
  if (member.isNumericSchema()) {
    const number = text.trim() === "" ? Number.NaN : Number(text);
    return Number.isNaN(number) ? undefined : number;
  }
  if (member.isBooleanSchema()) return text === "true" ? true : text === "false" ? false : undefined;
  if (member.isTimestampSchema()) return parseTimestamp(text);
  if (place === "header" && member.getMergedTraits().mediaType) return Buffer.from(text, "base64").toString("utf8");
  return text;
}

function parseTimestamp(text: string): Date | undefined {
  const date = /^\d+(\.\d+)?$/.test(text) ? new Date(Number(text) * 1000) : new Date(text);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** A timestamp for a header: http-date unless the member says otherwise. */
export function formatTimestamp(member: NormalizedSchema, date: Date): string {
  switch (member.getSchema()) {
    case DATE_TIME:
      return date.toISOString();
    case EPOCH_SECONDS:
      return String(date.getTime() / 1000);
    default:
      return date.toUTCString();
  }
}

/** An event on a bus. */
import type { DeliveredEvent } from "../../define-service.ts";

/** `replay-name` is there when an archive's event comes again. */
export type BusEvent = DeliveredEvent & { "replay-name"?: string };

/** ISO 8601 without fractions, as events carry it. */
export function eventTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d{3}Z$/, "Z");
}

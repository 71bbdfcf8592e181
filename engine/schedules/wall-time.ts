/**
 * Between instants and a time zone's wall clock. A wall time is kept as the instant at which UTC shows the same digits.
 */

const formatters = new Map<string, Intl.DateTimeFormat>();

/** Whether `timezone` is a name of the IANA database. */
export function isTimezone(timezone: string): boolean {
  try {
    formatterOf(timezone);
    return true;
  } catch {
    return false;
  }
}

/** What the clock in `timezone` shows at an instant. Milliseconds. */
export function toWallTime(instantMs: number, timezone: string): number {
  if (timezone === "UTC") return instantMs;
  const parts = new Map(
    formatterOf(timezone)
      .formatToParts(instantMs)
      .map(({ type, value }) => [type, Number(value)]),
  );
  const part = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  const second = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return second + (((instantMs % 1000) + 1000) % 1000);
}

/**
 * The first instant at which the clock in `timezone` shows `wallMs`; undefined where it never does, because clocks were
 * set forward over it.
 */
export function toInstant(wallMs: number, timezone: string): number | undefined {
  if (timezone === "UTC") return wallMs;
  // Offsets a day before and after bracket the one change that may lie between.
  const candidates = [-86_400_000, 86_400_000].map((away) => wallMs - offsetAt(wallMs + away, timezone));
  const showing = candidates.filter((instant) => toWallTime(instant, timezone) === wallMs);
  return showing.length === 0 ? undefined : Math.min(...showing);
}

/** Wall time minus instant, in milliseconds. */
function offsetAt(instantMs: number, timezone: string): number {
  return toWallTime(instantMs, timezone) - instantMs;
}

function formatterOf(timezone: string): Intl.DateTimeFormat {
  const known = formatters.get(timezone);
  if (known) return known;
  const formatter = new Intl.DateTimeFormat("en-US", {
    timeZone: timezone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formatters.set(timezone, formatter);
  return formatter;
}

/** Cron against a clock that walks minute by minute and asks each field: slow, and right at sight. */
import { fc, test } from "@fast-check/vitest";
import { describe, expect } from "vitest";
import { nextRun, parseSchedule } from "../../../engine/schedules/index.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
/** What of a field's text, and what it admits. */
type Field<Value> = readonly [text: string, admits: (value: Value) => boolean];

function numbers(low: number, high: number): fc.Arbitrary<Field<number>> {
  const value = fc.integer({ min: low, max: high });
  const term = fc.oneof(
    value.map((only): Field<number> => [`${only}`, (one) => one === only]),
    fc
      .tuple(value, value)
      .map(
        ([from, to]): Field<number> => [
          `${from}-${to}`,
          (one) => (from <= to ? one >= from && one <= to : one >= from || one <= to),
        ],
      ),
    fc
      .tuple(value, fc.integer({ min: 1, max: 20 }))
      .map(([from, step]): Field<number> => [`${from}/${step}`, (one) => one >= from && (one - from) % step === 0]),
    fc.constant<Field<number>>(["*", () => true]),
  );
  return fc
    .array(term, { minLength: 1, maxLength: 3 })
    .map(
      (terms): Field<number> => [
        terms.map(([text]) => text).join(","),
        (one) => terms.some(([, admits]) => admits(one)),
      ],
    );
}

const lastOfMonth = (day: Date) => new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + 1, 0)).getUTCDate();
const isWorkday = (day: Date, date: number) => {
  const weekday = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), date)).getUTCDay();
  return weekday !== 0 && weekday !== 6;
};

/** The workday nearest to a date, in its month. */
function nearestWorkday(day: Date, date: number): number | undefined {
  const last = lastOfMonth(day);
  if (date > last) return undefined;
  return [0, -1, 1, -2, 2].map((away) => date + away).find((near) => near >= 1 && near <= last && isWorkday(day, near));
}

const dayOfMonth: fc.Arbitrary<Field<Date>> = fc.oneof(
  numbers(1, 31).map(([text, admits]): Field<Date> => [text, (day) => admits(day.getUTCDate())]),
  fc.constant<Field<Date>>(["L", (day) => day.getUTCDate() === lastOfMonth(day)]),
  fc
    .integer({ min: 1, max: 31 })
    .map((date): Field<Date> => [`${date}W`, (day) => day.getUTCDate() === nearestWorkday(day, date)]),
);
const weekday = fc.integer({ min: 1, max: 7 });
const dayOfWeek: fc.Arbitrary<Field<Date>> = fc.oneof(
  numbers(1, 7).map(([text, admits]): Field<Date> => [text, (day) => admits(day.getUTCDay() + 1)]),
  fc.constant<Field<Date>>(["L", (day) => day.getUTCDay() === 6]),
  weekday.map(
    (one): Field<Date> => [`${one}L`, (day) => day.getUTCDay() + 1 === one && day.getUTCDate() > lastOfMonth(day) - 7],
  ),
  fc
    .tuple(weekday, fc.integer({ min: 1, max: 5 }))
    .map(
      ([one, nth]): Field<Date> => [
        `${one}#${nth}`,
        (day) => day.getUTCDay() + 1 === one && Math.ceil(day.getUTCDate() / 7) === nth,
      ],
    ),
);
const day = fc.oneof(
  dayOfMonth.map((field) => ({ field, text: (month: string) => `${field[0]} ${month} ?` })),
  dayOfWeek.map((field) => ({ field, text: (month: string) => `? ${month} ${field[0]}` })),
);

describe("cron", () => {
  test.prop([numbers(0, 59), numbers(0, 23), day, numbers(1, 12), fc.integer({ min: 0, max: 1_461 * 1_440 })], {
    numRuns: 20_000,
  })(
    "runs next when a clock read minute by minute says so",
    (minutes, hours, { field, text }, month, start) => {
      const afterMs = Date.UTC(2027, 0, 1) + start * MINUTE;
      const schedule = parseSchedule(`cron(${minutes[0]} ${hours[0]} ${text(month[0])} *)`, "rule");
      const next = nextRun(schedule, { afterMs, anchorMs: afterMs });
      const runs = (ms: number) => {
        const at = new Date(ms);
        return (
          minutes[1](at.getUTCMinutes()) && hours[1](at.getUTCHours()) && month[1](at.getUTCMonth() + 1) && field[1](at)
        );
      };
      expect(next === undefined || runs(next)).toBe(true);
      // None between: days that do not admit are passed whole.
      const end = Math.min(next ?? Number.POSITIVE_INFINITY, afterMs + 800 * DAY);
      for (let ms = afterMs + MINUTE; ms < end; ) {
        const at = new Date(ms);
        if (!(month[1](at.getUTCMonth() + 1) && field[1](at))) {
          ms = Math.floor(ms / DAY) * DAY + DAY;
          continue;
        }
        if (runs(ms))
          expect(new Date(ms).toISOString()).toBe(next === undefined ? "never" : new Date(next).toISOString());
        ms += MINUTE;
      }
    },
    240_000,
  );
});

/**
 * The six fields of an AWS cron expression: what each may hold, checked, and written as croner reads it.
 *
 *   C1. Of day-of-month and day-of-week exactly one is `?`.
 *   C2. `a/n` counts from a to the end of the field; a range may wrap around (`20-2`), except for years.
 *   C3. Days of the week are 1 to 7 from Sunday; a lone `L` there is Saturday; beside a `#` nothing else may stand.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#cron-based
 */
import { InvalidScheduleError } from "./invalid-schedule-error.ts";

interface FieldRule {
  name: string;
  low: number;
  high: number;
  names: readonly string[];
  wraps: boolean;
  /** What else the field takes, for messages. */
  also?: string;
}

const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

const MINUTES: FieldRule = { name: "minutes", low: 0, high: 59, names: [], wraps: true };
const HOURS: FieldRule = { name: "hours", low: 0, high: 23, names: [], wraps: true };
const DAY_OF_MONTH: FieldRule = { name: "day-of-month", low: 1, high: 31, names: [], wraps: true, also: ", L or 15W" };
const MONTH: FieldRule = { name: "month", low: 1, high: 12, names: MONTHS, wraps: true };
const DAY_OF_WEEK: FieldRule = {
  name: "day-of-week",
  low: 1,
  high: 7,
  names: DAYS,
  wraps: true,
  also: ", L, 6L or 3#2",
};
const YEAR: FieldRule = { name: "year", low: 1970, high: 2199, names: [], wraps: false };

/**
 * @param expression the six fields, without `cron(…)`
 * @returns croner's seven fields (Quartz weekdays)
 * @throws InvalidScheduleError
 */
export function toCronerPattern(expression: string): string {
  const fields = expression.trim().split(/\s+/);
  const [minutes, hours, dayOfMonth, month, dayOfWeek, year] = fields;
  if (year === undefined || fields.length !== 6 || !minutes || !hours || !dayOfMonth || !month || !dayOfWeek) {
    throw new InvalidScheduleError(
      `cron takes six fields (minutes hours day-of-month month day-of-week year), found ${fields.length} in "${expression}"`,
    );
  }
  if ((dayOfMonth === "?") === (dayOfWeek === "?")) {
    throw new InvalidScheduleError(`exactly one of day-of-month and day-of-week must be "?" in "${expression}"`);
  }
  if (dayOfWeek.includes("#") && dayOfWeek.includes(",")) {
    throw new InvalidScheduleError(`"${dayOfWeek}": a day-of-week with "#" takes no list; use a schedule for each`);
  }
  return [
    "0",
    field(minutes, MINUTES),
    field(hours, HOURS),
    dayOfMonth === "?" ? "*" : list(dayOfMonth, dayOfMonthTerm),
    field(month, MONTH),
    dayOfWeek === "?" ? "*" : list(dayOfWeek, dayOfWeekTerm),
    field(year, YEAR),
  ].join(" ");
}

function field(text: string, rule: FieldRule): string {
  return list(text, (term) => plainTerm(term, rule));
}

function list(text: string, term: (text: string) => string): string {
  return text.split(",").map(term).join(",");
}

function dayOfMonthTerm(text: string): string {
  if (text === "L") return "L";
  const nearest = /^(\d{1,2})W$/i.exec(text)?.[1];
  return nearest === undefined ? plainTerm(text, DAY_OF_MONTH) : `${numberOf(nearest, DAY_OF_MONTH)}W`;
}

function dayOfWeekTerm(text: string): string {
  if (text === "L") return "7";
  const last = /^(\w+)L$/i.exec(text)?.[1];
  if (last !== undefined) return `${numberOf(last, DAY_OF_WEEK)}#L`;
  const [, day, nth] = /^(\w+)#([1-5])$/.exec(text) ?? [];
  return day === undefined ? plainTerm(text, DAY_OF_WEEK) : `${numberOf(day, DAY_OF_WEEK)}#${nth}`;
}

/** A value, a range, `*`, each with or without a step. */
function plainTerm(text: string, rule: FieldRule): string {
  const [range = "", stepText, ...more] = text.split("/");
  const step = stepText === undefined ? undefined : Number(stepText);
  if (more.length > 0 || (step !== undefined && !/^[1-9]\d*$/.test(stepText ?? ""))) throw refused(text, rule);
  const [from = "", to, ...rest] = range.split("-");
  if (rest.length > 0) throw refused(text, rule);
  if (range === "*") return valuesOf(rule.low, rule.high, step ?? 1, rule);
  const low = numberOf(from, rule);
  if (to === undefined) return step === undefined ? String(low) : valuesOf(low, rule.high, step, rule);
  const high = numberOf(to, rule);
  if (low > high && !rule.wraps) throw refused(text, rule);
  return valuesOf(low, high, step ?? 1, rule);
}

function valuesOf(low: number, high: number, step: number, rule: FieldRule): string {
  if (step === 1 && low <= high)
    return low === rule.low && high === rule.high && rule !== YEAR ? "*" : `${low}-${high}`;
  const size = rule.high - rule.low + 1;
  const last = low <= high ? high : high + size;
  const values: number[] = [];
  for (let value = low; value <= last; value += step) values.push(((value - rule.low) % size) + rule.low);
  return values.join(",");
}

function numberOf(text: string, rule: FieldRule): number {
  const named = rule.names.indexOf(text.toUpperCase());
  const value = named >= 0 ? named + rule.low : /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= rule.low && value <= rule.high)) throw refused(text, rule);
  return value;
}

function refused(text: string, { name, low, high, names, also = "" }: FieldRule): InvalidScheduleError {
  const named = names.length > 0 ? ` or ${names[0]} to ${names.at(-1)}` : "";
  return new InvalidScheduleError(`"${text}" is not a value of ${name}; expected ${low} to ${high}${named}${also}`);
}

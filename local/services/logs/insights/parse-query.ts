/**
 * A query in the language of Logs Insights: commands joined by "|".
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
 */
import type { Evaluate } from "./expression.ts";
import { compileRegex, ExpressionReader, type Slot } from "./parse-expression.ts";
import { globCapture } from "./patterns.ts";
import { Scanner } from "./scanner.ts";
import { type Column, compute, dedup, filter, limit, type MakeStage, parse, sort, stats } from "./stages.ts";

export interface InsightsQuery {
  stages: MakeStage[];
  /** The fields of the answer, in order. */
  shown: string[];
  /** Fields that are shown as times. */
  times: ReadonlySet<string>;
  /** Whether the rows are still events, which have a pointer. */
  ofEvents: boolean;
  /** Whether the query says how many rows it answers. */
  limited: boolean;
}

/** Most rows a query may ask for. */
const MOST_ROWS = 10_000;
const DEFAULT_FIELDS = ["@timestamp", "@message"];
const COMMANDS: Readonly<Record<string, (reading: Reading) => void>> = {
  fields: readFields,
  display: readDisplay,
  filter: ({ scanner, stages }) => void stages.push(filter(new ExpressionReader(scanner).read())),
  stats: readStats,
  sort: readSort,
  limit: readLimit,
  parse: readParse,
  dedup: readDedup,
};

interface Reading {
  scanner: Scanner;
  stages: MakeStage[];
  fields: string[];
  display: string[] | undefined;
  times: Set<string>;
  ofEvents: boolean;
  limited: boolean;
}

/** @throws QueryCompileError with the line of what cannot be read or is not built */
export function parseQuery(text: string): InsightsQuery {
  const scanner = new Scanner(text);
  const times = new Set(["@timestamp", "@ingestionTime"]);
  const reading: Reading = {
    scanner,
    stages: [],
    fields: [],
    display: undefined,
    times,
    ofEvents: true,
    limited: false,
  };
  do {
    const name = scanner.advance();
    const read = Object.hasOwn(COMMANDS, name.text.toLowerCase()) ? COMMANDS[name.text.toLowerCase()] : undefined;
    if (name.kind !== "word" || read === undefined)
      throw scanner.error(
        name.kind === "end"
          ? "expected a command, found the end of the query"
          : `the command ${name.text} is not built in this home; built are ${Object.keys(COMMANDS).sort().join(", ")}`,
        name,
      );
    read(reading);
  } while (scanner.take("|"));
  if (scanner.next.kind !== "end") throw scanner.unexpected("| or the end of the query");
  const { stages, fields, display, ofEvents, limited } = reading;
  const shown = display ?? (fields.length > 0 ? fields : DEFAULT_FIELDS);
  return { stages, shown, times, ofEvents, limited };
}

/** `expression as name, …`; without a name it is called as it is written. */
function readColumns(reading: Reading, slots?: Slot[]): Column[] {
  const { scanner, times } = reading;
  const columns: Column[] = [];
  do {
    const first = scanner.next;
    const value = new ExpressionReader(scanner, slots).read();
    const written = first.kind === "field" ? first.text : scanner.since(first.start);
    const name = scanner.take("as") ? readName(scanner) : written;
    if (/^(bin|datefloor|dateceil)$/i.test(first.text) || times.has(written)) times.add(name);
    columns.push({ name, value });
  } while (scanner.take(","));
  return columns;
}

function readName(scanner: Scanner): string {
  const piece = scanner.next;
  if (piece.kind !== "word" && piece.kind !== "field") throw scanner.unexpected("a name");
  return scanner.advance().text;
}

function readFields(reading: Reading): void {
  const columns = readColumns(reading);
  reading.stages.push(compute(columns));
  reading.fields.push(...columns.map(({ name }) => name).filter((name) => !reading.fields.includes(name)));
}

function readDisplay(reading: Reading): void {
  const columns = readColumns(reading);
  reading.stages.push(compute(columns));
  reading.display = columns.map(({ name }) => name);
}

function readStats(reading: Reading): void {
  const slots: Slot[] = [];
  const columns = readColumns(reading, slots);
  const keys = reading.scanner.take("by") ? readColumns(reading) : [];
  reading.stages.push(stats(columns, slots, keys));
  reading.fields = [...keys, ...columns].map(({ name }) => name);
  reading.display = undefined;
  reading.ofEvents = false;
}

function readSort(reading: Reading): void {
  const { scanner } = reading;
  const keys: { value: Evaluate; descending: boolean }[] = [];
  do {
    const value = readKey(scanner);
    const descending = scanner.take("desc");
    if (!descending) scanner.take("asc");
    keys.push({ value, descending });
  } while (scanner.take(","));
  reading.stages.push(sort(keys));
}

/** A field, a column by the text it was written with (`sort count(*) desc`), or an expression. */
function readKey(scanner: Scanner): Evaluate {
  const first = scanner.next;
  const value = new ExpressionReader(scanner, []).read();
  const written = scanner.since(first.start);
  return (row) => row.get(written) ?? value(row);
}

function readLimit(reading: Reading): void {
  const { scanner } = reading;
  const count = scanner.advance();
  if (count.kind !== "number" || !/^\d+$/.test(count.text) || Number(count.text) < 1 || Number(count.text) > MOST_ROWS)
    throw scanner.error(`limit takes a whole number from 1 to ${MOST_ROWS}, found ${count.text}`, count);
  reading.stages.push(limit(Number(count.text)));
  reading.limited = true;
}

function readDedup(reading: Reading): void {
  const { scanner, stages } = reading;
  const fields: Evaluate[] = [];
  do fields.push(new ExpressionReader(scanner).read());
  while (scanner.take(","));
  stages.push(dedup(fields));
}

function readParse(reading: Reading): void {
  const { scanner, stages } = reading;
  let value: Evaluate = (row) => row.get("@message");
  let source = scanner.next.kind === "string" ? undefined : scanner.regex();
  if (source === undefined && scanner.next.kind !== "string") {
    const field = readName(scanner);
    value = (row) => row.get(field);
    source = scanner.regex();
  }
  const at = scanner.next;
  if (source !== undefined) {
    const pattern = compileRegex(scanner, source, at);
    const named = Object.entries(pattern.namedGroups()).sort(([, left], [, right]) => left - right);
    const names = scanner.take("as") ? readNames(scanner) : named.map(([name]) => name);
    if (names.length !== pattern.groupCount())
      throw scanner.error(`the expression has ${pattern.groupCount()} groups, and ${names.length} names are given`, at);
    stages.push(parse(value, pattern, names));
    return;
  }
  if (at.kind !== "string") throw scanner.unexpected("a text with * or a /regular expression/");
  const glob = scanner.advance().text;
  scanner.expect("as");
  const names = readNames(scanner);
  const places = glob.split("*").length - 1;
  if (names.length !== places)
    throw scanner.error(`${JSON.stringify(glob)} has ${places} places (*), and ${names.length} names are given`, at);
  stages.push(parse(value, globCapture(glob), names));
}

function readNames(scanner: Scanner): string[] {
  const names = [readName(scanner)];
  while (scanner.take(",")) names.push(readName(scanner));
  return names;
}

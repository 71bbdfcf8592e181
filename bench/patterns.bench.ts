/**
 * Matching cost over the number of rules: a mixed realistic set (exact, prefix, numeric, anything-but, wildcard, $or) and
 * events of 900 bytes, each for one of the rules' tenants, so that at every size it matches about as many rules.
 *
 * "from text" is what a bus does with an event that arrives: its JSON is parsed, then matched; the figures to reach are about
 * it. "parsed" is the matching alone. The peer is the naive way with the same code: every rule compiled by itself and checked
 * in turn. npm has no library to stand there: `eb-patterns` is not on it, nor is a port of event-ruler, and the one Serverless
 * plugin that matches patterns throws at wildcards. Sizes take turns, and what is given is the processor time of the quicker
 * quarter of the rounds, as others may use the machine.
 */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { compile, type Matcher } from "../engine/patterns/index.ts";
import type { BenchResult } from "./bench-result.ts";

const SIZES = [1, 100, 1_000, 10_000];
const EVENTS = 2_000;
const ROUNDS = 40;
const MOST_GROWTH = 1.5;
const LEAST_RATIO = 30;
/** At 10,000 rules, of what one rule gives: 80,000 events a second where that is 150,000. */
const LEAST_SHARE = 80 / 150;

type Row = {
  name: string;
  rules: number;
  eventsPerSecond: number;
  peerPerSecond: number;
  ratio: number;
  bytesPerRule: number;
};

interface Subject {
  readonly rules: number;
  readonly texts: readonly string[];
  readonly events: readonly object[];
  readonly matcher: Matcher<number>;
  readonly peer: readonly Matcher<number>[];
  readonly bytesPerRule: number;
  readonly microseconds: Record<"text" | "parsed" | "peerText" | "peerParsed", number[]>;
}

export async function run(): Promise<BenchResult> {
  setFlagsFromString("--expose-gc");
  // What the first rule ever costs is the code, not the rule.
  compile([[0, patternOf(5)]]).match(eventOf(5, 0));
  const subjects = SIZES.map(prepare);
  for (let round = 0; round < ROUNDS; round++) for (const subject of subjects) measure(subject, round % 10 === 0);
  const text = subjects.map((subject) => rowOf("mixed rules, from text", subject, "text", "peerText"));
  const parsed = subjects.map((subject) => rowOf("mixed rules, parsed", subject, "parsed", "peerParsed"));
  return { rows: [...text, ...parsed], missed: missedBy(text) };
}

function missedBy(rows: readonly Row[]): string[] {
  const rate = (rules: number) => rows.find((row) => row.rules === rules)?.eventsPerSecond ?? 0;
  const growth = rate(100) / rate(10_000);
  const share = rate(10_000) / rate(1);
  const ratio = rows.find((row) => row.rules === 1_000)?.ratio ?? 0;
  return [
    ...(growth <= MOST_GROWTH
      ? []
      : [`10,000 rules cost ${growth.toFixed(2)} times what 100 cost, at most ${MOST_GROWTH}`]),
    ...(share >= LEAST_SHARE
      ? []
      : [`10,000 rules give ${share.toFixed(2)} of what one rule gives, at least ${LEAST_SHARE.toFixed(2)}`]),
    ...(ratio >= LEAST_RATIO ? [] : [`at 1,000 rules ${ratio} times the peer, at least ${LEAST_RATIO}`]),
  ];
}

function prepare(rules: number): Subject {
  const patterns = Array.from({ length: rules }, (_, index) => JSON.stringify(patternOf(index)));
  const texts = Array.from({ length: EVENTS }, (_, index) => JSON.stringify(eventOf((index * 7) % rules, index)));
  const events = texts.map(parse);
  const before = usedBytes();
  const matcher = compile(patterns.map((pattern, index) => [index, pattern] as const));
  const bytesPerRule = Math.round((usedBytes() - before) / rules);
  const peer = patterns.map((pattern) => compile([[0, pattern]]));
  return {
    rules,
    texts,
    events,
    matcher,
    peer,
    bytesPerRule,
    microseconds: { text: [], parsed: [], peerText: [], peerParsed: [] },
  };
}

function measure({ rules, texts, events, matcher, peer, microseconds }: Subject, withPeer: boolean): void {
  const naive = (event: object) => peer.filter((one) => one.match(event).length > 0).length;
  microseconds.text.push(timed(texts, (text) => matcher.match(parse(text)).length));
  microseconds.parsed.push(timed(events, (event) => matcher.match(event).length));
  if (!withPeer) return;
  const few = Math.max(20, Math.floor(EVENTS / rules));
  microseconds.peerText.push(timed(texts.slice(0, few), (text) => naive(parse(text))));
  microseconds.peerParsed.push(timed(events.slice(0, few), naive));
}

function rowOf(
  name: string,
  { rules, bytesPerRule, microseconds }: Subject,
  own: "text" | "parsed",
  peer: "peerText" | "peerParsed",
): Row {
  const eventsPerSecond = 1e6 / quicker(microseconds[own]);
  const peerPerSecond = 1e6 / quicker(microseconds[peer]);
  return {
    name,
    rules,
    eventsPerSecond: Math.round(eventsPerSecond),
    peerPerSecond: Math.round(peerPerSecond),
    ratio: Math.round((10 * eventsPerSecond) / peerPerSecond) / 10,
    bytesPerRule,
  };
}

/** Processor time in microseconds for each of the items. */
function timed<Item>(items: readonly Item[], match: (item: Item) => number): number {
  const start = process.cpuUsage();
  let found = 0;
  for (const item of items) found += match(item);
  const { user, system } = process.cpuUsage(start);
  // The count is used, so that no round can be optimised away.
  if (found < 0) throw new Error("matched less than nothing");
  return (user + system) / items.length;
}

function quicker(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 4)] ?? Number.NaN;
}

function parse(text: string): object {
  return JSON.parse(text) as object;
}

function usedBytes(): number {
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}

/** Six kinds in turn; each names its own tenant, object or order, as an app's rules do. */
function patternOf(index: number): object {
  const source = [`shop.${index % 20}`];
  const tenant = [`t-${index}`];
  switch (index % 6) {
    case 0:
      return { source, "detail-type": ["Order Placed"], detail: { tenant } };
    case 1:
      return { source, detail: { object: { key: [{ prefix: `data/p${index}/` }] } } };
    case 2:
      return { source, detail: { tenant, total: [{ numeric: [">", index % 500, "<=", (index % 500) + 100] }] } };
    case 3:
      return { source, detail: { tenant, state: [{ "anything-but": ["failed", "stopped"] }] } };
    case 4:
      return { source, detail: { object: { key: [{ wildcard: `data/w${index}/*.parquet` }] } } };
    default:
      return { source, $or: [{ detail: { tenant } }, { detail: { order: [`o-${index}`] } }] };
  }
}

/** The `count`th event, for rule `n`: what names the event or its things is its own, however many rules there are. */
function eventOf(n: number, count: number): object {
  return {
    version: "0",
    id: `6a7e8feb-b491-4cf7-a9f1-bf3703467${String(count).padStart(5, "0")}`,
    "detail-type": "Order Placed",
    source: `shop.${n % 20}`,
    account: "111122223333",
    time: "2026-01-01T18:43:48Z",
    region: "us-east-1",
    resources: [`arn:aws:s3:::bucket-${count}`],
    detail: {
      tenant: `t-${n}`,
      order: n % 12 === 5 ? `o-${n}` : `o-${20_000 + count}`,
      total: count % 700,
      state: n % 3 === 0 ? "failed" : "running",
      object: {
        key: `data/${n % 2 ? "p" : "w"}${n}/part-${count}.parquet`,
        size: 1_024 + count,
        etag: "d41d8cd98f00b204e9800998ecf8427e",
      },
      lines: [
        { sku: `sku-${count}`, count: 1, price: 12.5 },
        { sku: `sku-${count + 1}`, count: 2, price: 7.25 },
      ],
      note: "x".repeat(420),
    },
  };
}

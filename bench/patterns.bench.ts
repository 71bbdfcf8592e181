/**
 * Matching cost over the number of rules: a mixed realistic set (exact, prefix, numeric, anything-but, wildcard, $or) and
 * 900-byte events, already parsed. The peer beside each figure is the naive way with the same code: every rule compiled by
 * itself and checked in turn. At every size an event is for one of the rules' tenants, so that it matches about as many.
 * To reach: 10,000 rules at most 1.5 times the cost of 100, and 30 times the peer at 1,000.
 */
import { compile } from "../engine/patterns/index.ts";
import { type BenchResult, median } from "./bench-result.ts";

const SIZES = [1, 100, 1_000, 10_000];
const EVENTS = 2_000;
const ROUNDS = 5;
const MOST_GROWTH = 1.5;
const LEAST_RATIO = 30;

type Row = {
  name: string;
  rules: number;
  eventsPerSecond: number;
  peerPerSecond: number;
  ratio: number;
  bytesPerRule: number;
};

export async function run(): Promise<BenchResult> {
  const rows = SIZES.map(measure);
  const of = (rules: number) => rows.find((row) => row.rules === rules);
  const missed: string[] = [];
  const growth = (of(100)?.eventsPerSecond ?? 0) / (of(10_000)?.eventsPerSecond ?? 1);
  if (growth > MOST_GROWTH)
    missed.push(`10,000 rules cost ${growth.toFixed(2)} times what 100 cost, at most ${MOST_GROWTH}`);
  const ratio = of(1_000)?.ratio ?? 0;
  if (ratio < LEAST_RATIO) missed.push(`at 1,000 rules ${ratio} times the peer, at least ${LEAST_RATIO}`);
  return { rows, missed };
}

function measure(rules: number): Row {
  const patterns = Array.from({ length: rules }, (_, index) => JSON.stringify(patternOf(index)));
  const events = Array.from({ length: EVENTS }, (_, index) => eventOf((index * 7) % rules));
  const before = usedBytes();
  const matcher = compile(patterns.map((pattern, index) => [index, pattern] as const));
  const bytesPerRule = Math.round((usedBytes() - before) / rules);
  const peer = patterns.map((pattern) => compile([[0, pattern]]));
  const peerEvents = events.slice(0, Math.max(20, Math.floor(EVENTS / rules)));
  const eventsPerSecond = rate(events, (event) => matcher.match(event).length);
  const peerPerSecond = rate(peerEvents, (event) => peer.filter((one) => one.match(event).length > 0).length);
  return {
    name: "mixed rules",
    rules,
    eventsPerSecond: Math.round(eventsPerSecond),
    peerPerSecond: Math.round(peerPerSecond),
    ratio: Math.round((10 * eventsPerSecond) / peerPerSecond) / 10,
    bytesPerRule,
  };
}

function rate(events: readonly object[], match: (event: object) => number): number {
  const round = () => {
    const start = performance.now();
    let found = 0;
    for (const event of events) found += match(event);
    // The count is used, so that no round can be optimised away.
    if (found < 0) throw new Error("matched less than nothing");
    return (events.length * 1000) / (performance.now() - start);
  };
  round();
  return median(Array.from({ length: ROUNDS }, round));
}

function usedBytes(): number {
  globalThis.gc?.();
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

function eventOf(n: number): object {
  return {
    version: "0",
    id: `6a7e8feb-b491-4cf7-a9f1-bf3703467${String(n).padStart(5, "0")}`,
    "detail-type": "Order Placed",
    source: `shop.${n % 20}`,
    account: "111122223333",
    time: "2026-01-01T18:43:48Z",
    region: "us-east-1",
    resources: [`arn:aws:s3:::bucket-${n}`],
    detail: {
      tenant: `t-${n}`,
      order: `o-${n}`,
      total: n % 700,
      state: n % 3 === 0 ? "failed" : "running",
      object: {
        key: `data/${n % 2 ? "p" : "w"}${n}/part-0.parquet`,
        size: 1_024 + n,
        etag: "d41d8cd98f00b204e9800998ecf8427e",
      },
      lines: [
        { sku: `sku-${n}`, count: 1, price: 12.5 },
        { sku: `sku-${n + 1}`, count: 2, price: 7.25 },
      ],
      note: "x".repeat(280),
    },
  };
}

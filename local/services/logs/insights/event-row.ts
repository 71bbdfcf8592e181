/**
 * A log event as a row: what Logs Insights discovers in it (JSON, the lines Lambda writes) is read when it is asked for.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_AnalyzeLogData-discoverable-fields.html
 */
import { z } from "zod";
import type { LogEventRecord } from "../log-store.ts";
import type { Row, Value } from "./expression.ts";

const Pointer = z.tuple([z.string(), z.number()]);

const BYTES_PER_MB = 1_000_000;
const REPORT: Readonly<Record<string, readonly [RegExp, number]>> = {
  "@duration": [/\tDuration: ([\d.]+) ms/, 1],
  "@billedDuration": [/\tBilled Duration: ([\d.]+) ms/, 1],
  "@initDuration": [/\tInit Duration: ([\d.]+) ms/, 1],
  "@memorySize": [/\tMemory Size: (\d+) MB/, BYTES_PER_MB],
  "@maxMemoryUsed": [/\tMax Memory Used: (\d+) MB/, BYTES_PER_MB],
};
const LINE = /^(START|END|REPORT) RequestId: ([0-9a-f-]+)/;
const REQUEST = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;

export class EventRow implements Row {
  readonly event: LogEventRecord;
  readonly #group: string;
  readonly #log: string;
  readonly #added = new Map<string, Value>();
  #json: unknown;
  #parsed = false;

  /** @param log the account and group, as `@log` has them */
  constructor(event: LogEventRecord, group: string, log: string) {
    this.event = event;
    this.#group = group;
    this.#log = log;
  }

  set(field: string, value: Value): void {
    this.#added.set(field, value);
  }

  get(field: string): Value {
    if (this.#added.has(field)) return this.#added.get(field);
    switch (field) {
      case "@timestamp":
        return this.event.atMs;
      case "@ingestionTime":
        return this.event.ingestedMs;
      case "@message":
        return this.event.message;
      case "@logStream":
        return this.event.stream;
      case "@log":
        return this.#log;
      case "@ptr":
        return pointerOf(this.#group, this.event);
      default:
        return field.startsWith("@") ? this.#ofLambda(field) : found(this.#document(), field);
    }
  }

  #ofLambda(field: string): Value {
    if (!this.#group.startsWith("/aws/lambda/")) return undefined;
    const { message } = this.event;
    const [, type, requestId] = LINE.exec(message) ?? [];
    if (field === "@type") return type;
    if (field === "@requestId") return requestId ?? REQUEST.exec(message)?.[0];
    const [pattern, unit] = (Object.hasOwn(REPORT, field) ? REPORT[field] : undefined) ?? [];
    const text = type === "REPORT" ? pattern?.exec(message)?.[1] : undefined;
    return text === undefined ? undefined : Number(text) * (unit ?? 1);
  }

  #document(): unknown {
    if (this.#parsed) return this.#json;
    this.#parsed = true;
    const start = this.event.message.indexOf("{");
    if (start < 0) return undefined;
    try {
      this.#json = JSON.parse(this.event.message.slice(start));
    } catch {
      // Text that only looks like JSON has no fields.
    }
    return this.#json;
  }
}

/** `a.b.0`: nested members, and a member whose own name has dots. */
function found(value: unknown, path: string): Value {
  if (typeof value !== "object" || value === null) return undefined;
  if (Object.hasOwn(value, path)) return scalar(Reflect.get(value, path));
  for (let dot = path.indexOf("."); dot > 0; dot = path.indexOf(".", dot + 1)) {
    const key = path.slice(0, dot);
    const inner = Object.hasOwn(value, key) ? found(Reflect.get(value, key), path.slice(dot + 1)) : undefined;
    if (inner !== undefined) return inner;
  }
  return undefined;
}

/** Truth is kept as 1 and 0. */
function scalar(value: unknown): Value {
  if (typeof value === "boolean") return value ? 1 : 0;
  return typeof value === "string" || typeof value === "number" ? value : undefined;
}

export function pointerOf(group: string, { id }: LogEventRecord): string {
  return Buffer.from(JSON.stringify([group, id])).toString("base64url");
}

/** The event a `@ptr` stands for; undefined for what is none. */
export function pointedAt(pointer: string): { group: string; id: number } | undefined {
  try {
    const [group, id] = Pointer.parse(JSON.parse(Buffer.from(pointer, "base64url").toString()));
    return { group, id };
  } catch {
    return undefined;
  }
}

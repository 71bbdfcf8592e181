/** What TestState looks at while a state runs: the data after each field, and how an error was met. Absent in normal runs. */
import type { MaybePromise } from "../evaluation.ts";
import type { JsonObject, JsonValue } from "../json.ts";

/** Given to a run to stand in for parts of it, and to write down what the state does. */
export class Inspection {
  readonly data: Record<string, JsonValue> = {};
  /** The context object to show instead of the execution's own. */
  readonly context: JsonObject | undefined;
  /** Retries already used, as if by earlier attempts. */
  readonly retryCount: number;
  /** Stands in for the branches or iterations of a Parallel or Map: gives their result or throws. */
  readonly container: ((tolerated: ToleratedFailures) => JsonValue) | undefined;

  /** Stands in for what the ItemReader of a Map would read. */
  readonly items: (() => MaybePromise<JsonValue>) | undefined;

  constructor(options: Partial<Pick<Inspection, "context" | "retryCount" | "container" | "items">>) {
    this.context = options.context;
    this.items = options.items;
    this.retryCount = options.retryCount ?? 0;
    this.container = options.container;
  }

  record(name: string, value: JsonValue | undefined): void {
    if (value !== undefined) this.data[name] = value;
  }

  recordError(details: JsonObject): void {
    const { errorDetails } = this.data;
    this.data.errorDetails = { ...(typeof errorDetails === "object" ? errorDetails : {}), ...details };
  }
}

export type ToleratedFailures = Readonly<{
  count?: number | undefined;
  percentage?: number | undefined;
  /** Of a Map: its items, and what it makes iterations of, items or batches. */
  items: number;
  iterations?: number;
}>;

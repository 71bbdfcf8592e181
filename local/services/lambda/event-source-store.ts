/** Event source mappings: which queue's messages a function is invoked with. */
import { parsePattern } from "../../../engine/patterns/index.ts";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import type { Row } from "../../store/index.ts";

export interface EventSourceMapping {
  uuid: string;
  /** `name` or `name:qualifier`. */
  function: string;
  queueArn: string;
  batchSize: number;
  windowSeconds: number;
  enabled: boolean;
  /** Event patterns; a message that meets none is deleted unseen. None: every message. */
  filters: readonly string[];
  reportsFailures: boolean;
  concurrency: number;
  modifiedMs: number;
}

/** Most messages of a batch without a window, and with one. */
const MOST_AT_ONCE = 10;
const MOST_IN_WINDOW = 10_000;

export class EventSourceStore {
  readonly #home: HomePorts;

  constructor(home: HomePorts) {
    this.#home = home;
  }

  list(): EventSourceMapping[] {
    return this.#home.store.prepare("SELECT mapping FROM lambda_event_sources ORDER BY uuid").all().map(mappingOf);
  }

  /** @throws AwsError ResourceNotFoundException */
  get(uuid: string | undefined): EventSourceMapping {
    const row = this.#home.store.prepare("SELECT mapping FROM lambda_event_sources WHERE uuid = ?").get(uuid ?? "");
    if (row !== undefined) return mappingOf(row);
    throw new AwsError("ResourceNotFoundException", "The resource you requested does not exist.", {
      status: 404,
      fields: { Type: "User" },
    });
  }

  /** @throws AwsError InvalidParameterValueException, ResourceConflictException for a second mapping of the same pair */
  put(mapping: Omit<EventSourceMapping, "modifiedMs">): EventSourceMapping {
    check(mapping);
    const same = this.list().find(
      (other) =>
        other.uuid !== mapping.uuid && other.function === mapping.function && other.queueArn === mapping.queueArn,
    );
    if (same !== undefined) {
      throw new AwsError(
        "ResourceConflictException",
        `An event source mapping with SQS arn (" ${mapping.queueArn} ") and function (" ${mapping.function} ") already exists. Please update or delete the existing mapping with UUID ${same.uuid}`,
        { status: 409, fields: { Type: "User" } },
      );
    }
    const saved = { ...mapping, modifiedMs: this.#home.clock.now() };
    this.#home.store
      .prepare("INSERT OR REPLACE INTO lambda_event_sources VALUES (?, ?)")
      .run(saved.uuid, JSON.stringify(saved));
    return saved;
  }

  delete(uuid: string): void {
    this.#home.store.prepare("DELETE FROM lambda_event_sources WHERE uuid = ?").run(uuid);
  }
}

function mappingOf(row: Row): EventSourceMapping {
  return JSON.parse(String(row.mapping));
}

function check(mapping: Omit<EventSourceMapping, "modifiedMs">): void {
  const { queueArn, batchSize, windowSeconds, concurrency } = mapping;
  for (const filter of mapping.filters) checkFilter(filter);
  const problem = !/^arn:aws:sqs:/.test(queueArn)
    ? `${queueArn} is no event source this home can poll; there are SQS queues`
    : batchSize < 1 || batchSize > (windowSeconds > 0 && !queueArn.endsWith(".fifo") ? MOST_IN_WINDOW : MOST_AT_ONCE)
      ? "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10"
      : windowSeconds < 0 || windowSeconds > 300
        ? "MaximumBatchingWindowInSeconds must be from 0 to 300"
        : concurrency < 2 || concurrency > 1000
          ? "ScalingConfig.MaximumConcurrency must be from 2 to 1000"
          : undefined;
  if (problem === undefined) return;
  throw new AwsError("InvalidParameterValueException", problem, { fields: { Type: "User" } });
}

function checkFilter(pattern: string): void {
  try {
    parsePattern(pattern);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new AwsError("InvalidParameterValueException", `Invalid filter pattern definition. ${reason}`, {
      fields: { Type: "User" },
      cause,
    });
  }
}

/** PutEvents: which entries are taken, and what the others are told. */
import type { PutEventsRequestEntry, PutEventsResultEntry } from "@aws-sdk/client-eventbridge";
import { AwsError } from "../../aws-error.ts";
import type { Authorization, HomePorts } from "../../define-service.ts";
import { type BusEvent, eventTime } from "./bus-event.ts";
import type { BusStore } from "./bus-store.ts";
import { busArn, busNameOf } from "./names.ts";
import type { Router } from "./router.ts";

const MOST_ENTRIES = 10;
const MOST_BYTES = 1_048_576;
const TIME_BYTES = 14;
/** Characters. */
const LONGEST_DETAIL_TYPE = 128;
/** Levels that AWS's PutEvents still processes. */
const DEEPEST_DETAIL = 1000;

/**
 * Takes the entries one by one; an entry that fails leaves the others alone.
 * @throws AwsError ValidationException for the request as a whole
 */
export function putEvents(
  home: HomePorts,
  buses: BusStore,
  router: Router,
  entries: readonly PutEventsRequestEntry[],
): { FailedEntryCount: number; Entries: PutEventsResultEntry[] } {
  checkCount(entries);
  const bytes = entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
  if (bytes > MOST_BYTES)
    throw new AwsError("ValidationException", "Total size of the entries in the request is over the limit.");
  const Entries = home.store.transaction(() => entries.map((entry) => putEntry(home, buses, router, entry)));
  return { FailedEntryCount: Entries.filter(({ ErrorCode }) => ErrorCode !== undefined).length, Entries };
}

/** One decision for each bus, source and detail type, which policies may name as condition keys. */
export function putAuthorizations(home: HomePorts, entries: readonly PutEventsRequestEntry[]): Authorization[] {
  const wanted = new Map<string, Authorization>();
  for (const { EventBusName, Source = "", DetailType = "" } of entries) {
    const resource = busArn(home, busNameOf(EventBusName));
    const context = { "events:source": Source, "events:detail-type": DetailType };
    wanted.set(`${resource}\n${Source}\n${DetailType}`, { resource, context });
  }
  return [...wanted.values()];
}

function putEntry(
  home: HomePorts,
  buses: BusStore,
  router: Router,
  entry: PutEventsRequestEntry,
): PutEventsResultEntry {
  const { Source, DetailType, Detail } = entry;
  for (const [name, value] of Object.entries({ Source, DetailType, Detail })) {
    if (!value)
      return refused("InvalidArgument", `Parameter ${name} is not valid. Reason: ${name} is a required argument.`);
  }
  if ((DetailType?.length ?? 0) > LONGEST_DETAIL_TYPE) {
    const reason = `DetailType has ${DetailType?.length} characters, at most ${LONGEST_DETAIL_TYPE} are allowed.`;
    return refused("InvalidArgument", `Parameter DetailType is not valid. Reason: ${reason}`);
  }
  if (Source?.startsWith("aws.")) return refused("NotAuthorizedForSourceException", "Not authorized for the source.");
  const detail = parseDetail(Detail ?? "");
  if (detail === undefined) return refused("MalformedDetail", "Detail is malformed.");
  const EventId = home.uuid();
  const event: BusEvent = {
    version: "0",
    id: EventId,
    "detail-type": DetailType ?? "",
    source: Source ?? "",
    account: home.accountId,
    time: eventTime(entry.Time?.getTime() ?? home.clock.now()),
    region: home.region,
    resources: entry.Resources ?? [],
    detail,
  };
  const bus = busNameOf(entry.EventBusName);
  if (buses.find(bus) !== undefined) router.accept(bus, event);
  else {
    // AWS acknowledges an event for a bus that is not there; here it can at least be listed.
    router.acceptForNoBus(bus, event);
    home.log("warn", `event ${EventId} (${Source}, ${DetailType}) was put on event bus ${bus}, which does not exist`);
  }
  return { EventId };
}

function checkCount(entries: readonly PutEventsRequestEntry[]): void {
  if (entries.length >= 1 && entries.length <= MOST_ENTRIES) return;
  const limit = entries.length === 0 ? "greater than or equal to 1" : `less than or equal to ${MOST_ENTRIES}`;
  const shown = `[${entries.map(() => "PutEventsRequestEntry").join(", ")}]`;
  throw new AwsError(
    "ValidationException",
    `1 validation error detected: Value '${shown}' at 'entries' failed to satisfy constraint: Member must have length ${limit}`,
  );
}

/** As AWS counts: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html */
function entryBytes({ Time, Source, DetailType, Detail, Resources }: PutEventsRequestEntry): number {
  const texts = [Source, DetailType, Detail, ...(Resources ?? [])];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text ?? ""), Time === undefined ? 0 : TIME_BYTES);
}

function parseDetail(text: string): object | undefined {
  try {
    const detail: unknown = JSON.parse(text);
    const isObject = typeof detail === "object" && detail !== null && !Array.isArray(detail);
    return isObject && depthOf(detail) <= DEEPEST_DETAIL ? detail : undefined;
  } catch {
    return undefined;
  }
}

/** Levels of nesting, counted without recursion: the text may be as deep as it is long. */
function depthOf(value: object): number {
  let depth = 0;
  let level: object[] = [value];
  for (; level.length > 0 && depth <= DEEPEST_DETAIL; depth++) {
    level = level.flatMap((found) =>
      Object.values(found).filter((inner) => typeof inner === "object" && inner !== null),
    );
  }
  return depth;
}

function refused(ErrorCode: string, ErrorMessage: string): PutEventsResultEntry {
  return { ErrorCode, ErrorMessage };
}

/** `tidemill events`: put events, list the latest, count per rule, and explain why a rule matches or not. */
import { type EventBridgeClient, ListRulesCommand, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { z } from "zod";
import { eventExplanationText, explainAll } from "../../engine/index.ts";
import type { Connection } from "../connect.ts";
import type { Context } from "../context.ts";
import { CommandFailure } from "../failure.ts";
import { parseGiven, readGiven } from "../given-file.ts";
import { readView } from "../home-view.ts";
import { table } from "../terminal.ts";

const Event = z.looseObject({
  id: z.string(),
  source: z.string(),
  "detail-type": z.string(),
  time: z.string().optional(),
});
const Noted = z.object({ bus: z.string(), rules: z.array(z.string()), event: Event });
const Counted = z.object({ bus: z.string(), rule: z.string(), counts: z.record(z.string(), z.number()) });
const Given = z.looseObject(
  {
    source: z.string("is no string"),
    "detail-type": z.string("is no string"),
    detail: z.looseObject({}, "is no object"),
    resources: z.array(z.string(), "is no array of strings").optional(),
  },
  "is no object",
);
const EXAMPLE = '{"source":"my.app","detail-type":"Order Placed","detail":{"order":7}}';

const EVENT_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const MISSES_SHOWN = 3;

export type ListOptions = Readonly<{ bus?: string; unmatched?: boolean; limit: number }>;
export type ExplainOptions = Readonly<{ bus?: string; rule?: string; all?: boolean }>;

/**
 * Puts the event of a file on a bus, under a new id and the present time.
 * @throws CommandFailure 2 for a file that holds no event, 3 when the bus refuses it
 */
export async function putEvent(connection: Connection, context: Context, file: string, bus: string): Promise<void> {
  const { source, "detail-type": DetailType, detail, resources } = readEvent(file);
  const entry = { EventBusName: bus, Source: source, DetailType, Detail: JSON.stringify(detail), Resources: resources };
  const events = await connection.clients.events();
  const { Entries: [answer] = [] } = await events.send(new PutEventsCommand({ Entries: [entry] }));
  if (answer?.EventId === undefined)
    throw new CommandFailure(3, `the bus refused it: ${answer?.ErrorCode}: ${answer?.ErrorMessage}`, answer);
  context.print({ eventId: answer.EventId, bus }, answer.EventId);
}

/** The latest events, the newest first, with the rules each matched. */
export async function listEvents(connection: Connection, context: Context, options: ListOptions): Promise<void> {
  const noted = await readView(connection, "events/events", z.array(Noted), {
    limit: String(options.limit),
    unmatched: String(options.unmatched ?? false),
    ...(options.bus === undefined ? {} : { bus: options.bus }),
  });
  const blocks = noted.map(({ bus, rules, event }) =>
    [
      `${event.time ?? ""}  ${event.id}`,
      `  ${event.source}, ${event["detail-type"]}, on ${bus}`,
      ...(rules.length === 0 ? ["  matched no rule"] : rules.map((rule) => `  → ${rule}`)),
    ].join("\n"),
  );
  const none = options.unmatched ? "no event that matched no rule" : "no events yet";
  context.print(noted, blocks.length === 0 ? none : blocks.join("\n"));
}

/** What became of each rule's deliveries, with the events no rule took. */
export async function countRules(connection: Connection, context: Context, bus: string | undefined): Promise<void> {
  const all = await readView(connection, "events/counts", z.array(Counted));
  const counted = bus === undefined ? all : all.filter((entry) => entry.bus === bus);
  const rows = counted.map(({ bus, rule, counts }) => [
    ...["matched", "delivered", "failed", "dropped"].map((name) => String(counts[name] ?? 0)),
    bus === "" ? "(no such bus)" : rule === "" ? `(no rule) on ${bus}` : `${rule} on ${bus}`,
  ]);
  context.print(counted, table(["MATCHED", "DELIVERED", "FAILED", "DROPPED", "RULE"], rows));
}

/**
 * Why an event does or does not match: one rule, or all of its bus with the nearest misses.
 * @param event the path of a file with an event, or the id of one of the latest
 * @throws CommandFailure 2 for an id or rule there is not, or a file that holds no event
 */
export async function explainEvent(
  connection: Connection,
  context: Context,
  event: string,
  options: ExplainOptions,
): Promise<void> {
  const noted = EVENT_ID.test(event) ? await readView(connection, "events/event", Noted, { id: event }) : undefined;
  const bus = options.bus ?? (noted?.bus || "default");
  const rules = await patternsOf(await connection.clients.events(), bus);
  const wanted = options.rule === undefined ? rules : rules.filter(([name]) => name === options.rule);
  if (options.rule !== undefined && wanted.length === 0)
    throw new CommandFailure(
      2,
      `bus ${bus} has no rule ${options.rule} with a pattern; see \`npx tidemill events rules\``,
    );
  const limit = options.all ? Number.POSITIVE_INFINITY : MISSES_SHOWN;
  const explained = explainAll(noted?.event ?? readEvent(event), wanted, limit);
  context.print({ bus, ...explained }, eventExplanationText(explained));
}

async function patternsOf(client: EventBridgeClient, EventBusName: string): Promise<[string, string][]> {
  const found: [string, string][] = [];
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListRulesCommand({ EventBusName, NextToken }));
    for (const { Name = "", EventPattern } of page.Rules ?? [])
      if (EventPattern !== undefined) found.push([Name, EventPattern]);
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return found;
}

function readEvent(file: string): z.infer<typeof Given> {
  const parsed = Given.safeParse(parseGiven(file, readGiven(file)));
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "the whole"} ${message}`);
  throw new CommandFailure(2, `${file} is no event: ${problems.join("; ")}; expected such as ${EXAMPLE}`);
}

/** The bus's own views: its latest events with the rules they matched, and what became of each rule's deliveries. */
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";
import { NOTED_EVENTS } from "./event-journal.ts";
import type { EventsParts } from "./parts.ts";

const ListQuery = z.object({
  bus: z.string().optional(),
  unmatched: z.enum(["true", "false"]).default("false"),
  limit: z.coerce.number().int().min(1).max(NOTED_EVENTS).default(100),
});

export function eventsViews({
  journal,
  counts,
  rules,
}: EventsParts): Record<string, (query: URLSearchParams) => unknown> {
  return {
    /** ?bus=NAME&unmatched=true&limit=N: the newest first. */
    events(query) {
      const parsed = ListQuery.safeParse(Object.fromEntries(query));
      if (!parsed.success) throw new AwsError("ValidationException", z.prettifyError(parsed.error));
      const { bus, unmatched, limit } = parsed.data;
      return journal.list({ bus, limit, unmatched: unmatched === "true" });
    },
    /** ?id=EVENT-ID: one event, as long as it is among the latest. */
    event(query) {
      const id = query.get("id") ?? "";
      const found = journal.find(id);
      if (found === undefined)
        throw new AwsError(
          "ResourceNotFoundException",
          `there is no event ${id} among the latest ${NOTED_EVENTS} of its kind; \`npx tidemill events list\` names them`,
          { status: 404 },
        );
      return found;
    },
    /** Of each rule; the rule "" of a bus counts events no rule took, the bus "" those for a bus there is not. */
    counts: () => counts.list(),
    /** With the time a rate counts from, which AWS's API does not tell. */
    "scheduled-rules": () =>
      rules
        .list()
        .filter(({ schedule }) => schedule !== undefined)
        .map(({ bus, name, state, schedule, createdMs }) => ({ bus, rule: name, state, schedule, createdMs })),
  };
}

/**
 * The states of a query. Each change is one transaction with Athena's own event.
 * https://docs.aws.amazon.com/athena/latest/ug/athena-events.html
 */
import type { Athena } from "./context.ts";
import type { Query, QueryState } from "./query-store.ts";

/** Moves `query` on, unless it has ended meanwhile; returns what is stored. */
export function enter(
  { home, queries }: Pick<Athena, "home" | "queries">,
  query: Query,
  state: QueryState,
  changes: Partial<Query> = {},
): Query {
  const current = queries.find(query.id);
  if (current !== undefined && isEnd(current.state)) return current;
  const previousState = current?.state;
  const now = home.clock.now();
  const next: Query = {
    ...query,
    ...changes,
    state,
    sequence: query.sequence + 1,
    ...(state === "RUNNING" ? { startedMs: now } : {}),
    ...(isEnd(state) ? { completedMs: now } : {}),
  };
  home.store.transaction(() => {
    queries.put(next);
    home.emit({
      source: "aws.athena",
      "detail-type": "Athena Query State Change",
      resources: [],
      detail: {
        versionId: "0",
        currentState: state,
        ...(previousState === undefined ? {} : { previousState }),
        statementType: next.statementType,
        queryExecutionId: next.id,
        workgroupName: next.workGroup,
        sequenceNumber: String(next.sequence),
        ...(state === "FAILED" ? { athenaError: athenaError(next) } : {}),
      },
    });
  });
  return next;
}

export function isEnd(state: QueryState): boolean {
  return state === "SUCCEEDED" || state === "FAILED" || state === "CANCELLED";
}

export function athenaError(query: Query) {
  const category = query.errorCategory ?? 2;
  return {
    errorCategory: category,
    errorType: category === 1 ? 1 : 1301,
    errorMessage: query.reason ?? "",
    retryable: false,
  };
}

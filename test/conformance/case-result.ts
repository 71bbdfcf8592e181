/** What a conformance kind answers for one recorded case. */
export interface CaseResult {
  id: string;
  /** What the case is about, to count failures by. */
  group: string;
  outcome: "passed" | "failed" | "skipped";
  expected?: unknown;
  got?: unknown;
}

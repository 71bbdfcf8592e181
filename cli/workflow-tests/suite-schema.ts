/**
 * A suite file. `StateMachines` and `MockedResponses` are Step Functions Local's mock configuration, as AWS documents it; `Tests` is
 * ours, beside them, so that one file serves both: defaults for all cases of a state machine, inputs, and what is expected.
 */
import { z } from "zod";
import type { JsonValue } from "../../engine/index.ts";

const Json: z.ZodType<JsonValue> = z.json();
const Throw = z.strictObject({ Error: z.string(), Cause: z.string().optional() });
const Response = z.union([z.strictObject({ Return: Json }), z.strictObject({ Throw })]);
const Responses = z.record(z.string().regex(/^\d+(-\d+)?$/), Response).refine((all) => Object.keys(all).length > 0);
const OneOrMore = z.union([Response, Responses]);
export type InlineMock = z.infer<typeof OneOrMore>;

const FORMS = `{"Return": …}, {"Throw": {"Error": "…", "Cause": "…"}} or either of them by call: {"0": …, "1-3": …}`;
const ResponseSet = z.custom<z.infer<typeof Responses>>((value) => Responses.safeParse(value).success, {
  error: ({ input }) => `expected responses by call, {"0": {"Return": …}, "1-3": {"Throw": …}}; found ${shown(input)}`,
});
const Mock = z.custom<string | InlineMock>((value) => typeof value === "string" || OneOrMore.safeParse(value).success, {
  error: ({ input }) => `expected the name of a mocked response, ${FORMS}; found ${shown(input)}`,
});
const Mocks = z.record(z.string(), Mock);

/** What must be true of how a case ends. Members left out are not looked at, but for Status, which is SUCCEEDED then. */
const Expect = z.strictObject({
  Status: z.enum(["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"]).optional(),
  /** Members given must be there, others may be; arrays must have the same length. */
  Output: Json.optional(),
  Error: z.string().optional(),
  /** A part of the cause. */
  Cause: z.string().optional(),
  /** Every state entered, in order. */
  Path: z.array(z.string()).optional(),
  Reaches: z.array(z.string()).optional(),
  Avoids: z.array(z.string()).optional(),
  /** By state: an object that the parameters of some call hold, or an array of one for each call. */
  Calls: z.record(z.string(), Json).optional(),
});
export type Expect = z.infer<typeof Expect>;

const Case = z.strictObject({
  Comment: z.string().optional(),
  Input: Json.optional(),
  Mocks: Mocks.optional(),
  Expect: Expect.optional(),
});
const Tests = z.strictObject({
  Comment: z.string().optional(),
  /** Relative to the suite; `NAME.asl.json` beside it unless given. */
  Definition: z.string().optional(),
  Type: z.enum(["STANDARD", "EXPRESS"]).optional(),
  Substitutions: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  Input: Json.optional(),
  Mocks: Mocks.optional(),
  Cases: z.record(z.string(), Case).optional(),
});

/** The file beside a definition; docs/how-to/test-a-workflow.md tells what its members mean. */
export const SuiteFile = z.strictObject({
  Comment: z.string().optional(),
  StateMachines: z
    .record(z.string(), z.looseObject({ TestCases: z.record(z.string(), z.record(z.string(), z.string())) }))
    .default({}),
  MockedResponses: z.record(z.string(), ResponseSet).default({}),
  Tests: z.record(z.string(), Tests).default({}),
});
export type SuiteFile = z.infer<typeof SuiteFile>;

function shown(input: unknown): string {
  const text = JSON.stringify(input) ?? String(input);
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}

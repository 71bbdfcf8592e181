/**
 * Tells of a lifecycle that failed without having told so itself.
 *
 * A workflow that catches its failure puts `Model Lifecycle Failed` on the bus before it ends. One that is stopped, runs
 * out of its time, or fails where nothing can be caught cannot: Step Functions' own event of its end comes here.
 *
 *   F1. Each failed lifecycle has one event, however many executions it failed in and however often this one is delivered.
 *   F2. A training that was stopped or ran out of time is told of by the update that started it and waits for it.
 */
import * as z from "zod/mini";
import { step } from "../step/step.ts";
import { type FailureTrace, traceFailure } from "./history.ts";

const Input = z.looseObject({
  source: z.literal("aws.states"),
  detail: z.looseObject({
    executionArn: z.string(),
    status: z.enum(["FAILED", "TIMED_OUT", "ABORTED"]),
    input: z.nullish(z.string()),
    redriveCount: z.optional(z.int()),
    error: z.nullish(z.string()),
    cause: z.nullish(z.string()),
  }),
});
type Detail = z.infer<typeof Input>["detail"];
const Output = z.strictObject({ reported: z.boolean(), reason: z.string() });

/** What the inputs of the workflows say of the lifecycle; `detail` is that of a model package's event. */
const Subject = z.looseObject({
  product: z.optional(z.string()),
  model: z.optional(z.string()),
  dataVersion: z.optional(z.string()),
  modelPackageArn: z.optional(z.string()),
  detail: z.optional(z.looseObject({ ModelPackageArn: z.optional(z.string()) })),
  AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID: z.optional(z.string()),
});
type Subject = z.infer<typeof Subject>;

/** The state machine whose executions tell of the executions they start. */
const PARENT = ":execution:data-product-update:";
const WITHOUT_ERROR = { FAILED: "States.Runtime", TIMED_OUT: "States.Timeout", ABORTED: "Aborted" } as const;
const WITHOUT_CAUSE = { FAILED: "failed", TIMED_OUT: "ran out of its time", ABORTED: "was stopped" } as const;

export type Adapters = Readonly<{
  trace: (executionArn: string) => Promise<FailureTrace>;
  /** False where it was marked before. */
  markReported: (executionArn: string, redriveCount: number) => Promise<boolean>;
  forgetReport: (executionArn: string, redriveCount: number) => Promise<void>;
  putEvent: (detailType: string, detail: unknown) => Promise<void>;
}>;

/** The handler on given adapters; its answer says why there was nothing to tell. */
export const createHandler = (adapters: Adapters) =>
  step<z.infer<typeof Input>, z.infer<typeof Output>>({
    name: "report-failure",
    input: Input,
    output: Output,
    work: async ({ detail }, { log }) => {
      const answer = await report(detail, adapters);
      log.info(answer.reason, { executionArn: detail.executionArn, reported: answer.reported });
      return answer;
    },
  });

async function report(detail: Detail, adapters: Adapters): Promise<z.infer<typeof Output>> {
  const { executionArn, status, redriveCount = 0 } = detail;
  const subject = subjectOf(detail.input);
  const startedBy = subject.AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID;
  if (status !== "FAILED" && startedBy?.includes(PARENT) === true)
    return { reported: false, reason: `${startedBy} waits for it and tells of it` };
  const trace = await adapters.trace(executionArn);
  if (trace.reported) return { reported: false, reason: "it was told of before it ended" };
  if (!(await adapters.markReported(executionArn, redriveCount)))
    return { reported: false, reason: "this event was here before" };
  try {
    await adapters.putEvent("Model Lifecycle Failed", failureOf(detail, subject, trace));
  } catch (error) {
    await adapters.forgetReport(executionArn, redriveCount);
    throw error;
  }
  return { reported: true, reason: "nobody had told of it" };
}

function subjectOf(input: string | null | undefined): Subject {
  try {
    const parsed = Subject.safeParse(JSON.parse(input ?? "{}"));
    return parsed.success ? parsed.data : {};
  } catch {
    return {};
  }
}

function failureOf(detail: Detail, subject: Subject, { state }: FailureTrace): Record<string, string> {
  const { executionArn, status } = detail;
  const modelPackageArn = subject.modelPackageArn ?? subject.detail?.ModelPackageArn;
  const model = subject.model ?? modelPackageArn?.split("/")[1];
  const region = executionArn.split(":")[3] ?? "";
  const where = state === undefined ? "" : ` in state ${state}`;
  return {
    ...(subject.product !== undefined && { product: subject.product }),
    ...(model !== undefined && { model }),
    ...(subject.dataVersion !== undefined && { dataVersion: subject.dataVersion }),
    ...(modelPackageArn !== undefined && { modelPackageArn }),
    executionArn,
    ...(state !== undefined && { state }),
    error: detail.error || WITHOUT_ERROR[status],
    cause: detail.cause || `the execution ${WITHOUT_CAUSE[status]}${where}`,
    link: `https://${region}.console.aws.amazon.com/states/home?region=${region}#/v2/executions/details/${executionArn}`,
  };
}

const TABLE = () => process.env.LIFECYCLE_TABLE ?? "";
export const handler = createHandler({
  trace: async (arn) => traceFailure((await import("../aws/history.ts")).newestFirst(arn)),
  markReported: async (...failure) => (await import("../aws/reports.ts")).markReported(TABLE(), ...failure),
  forgetReport: async (...failure) => (await import("../aws/reports.ts")).forgetReport(TABLE(), ...failure),
  putEvent: async (...event) => (await import("../aws/bus.ts")).putEvent(...event),
});

/** Step Functions tells of each status of a Standard execution. */
import { z } from "zod";
import { defineEvent, type EventPattern, sampleOf } from "./define-event.ts";

const SOURCE = "aws.states";
const DETAIL_TYPE = "Step Functions Execution Status Change";
const MACHINE = "arn:aws:states:eu-central-1:123456789012:stateMachine:train-model";
const ARN = "arn:aws:states:eu-central-1:123456789012:execution:train-model:credit-risk-0123456789abcdef";

const event = defineEvent({
  source: SOURCE,
  detailType: DETAIL_TYPE,
  description: "An execution has a new status; one that did not end well is reported.",
  detail: z.object({
    executionArn: z.string(),
    stateMachineArn: z.string(),
    status: z.string(),
    /** Left out, as null, where input and output together are too large for an event. */
    input: z.string().nullish(),
    redriveCount: z.number().optional(),
    error: z.string().nullish(),
    cause: z.string().nullish(),
  }),
  sample: sampleOf(SOURCE, DETAIL_TYPE, [ARN], {
    executionArn: ARN,
    stateMachineArn: MACHINE,
    name: "credit-risk-0123456789abcdef",
    status: "TIMED_OUT",
    startDate: 1551225271984,
    stopDate: 1551225281984,
    input: '{"model":"credit-risk","product":"credit-card","dataVersion":"0123456789abcdef"}',
    output: null,
    stateMachineVersionArn: null,
    stateMachineAliasArn: null,
    redriveCount: 0,
    redriveDate: null,
    redriveStatus: "REDRIVABLE",
    redriveStatusReason: null,
    inputDetails: { included: true },
    outputDetails: null,
    error: "States.Timeout",
    cause: null,
  }),
});

/** https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
export const executionStatusChange = {
  ...event,
  /** Executions of these state machines that did not end well. */
  unsuccessful: (stateMachineArns: readonly string[]): EventPattern =>
    event.matching({ stateMachineArn: stateMachineArns, status: ["FAILED", "TIMED_OUT", "ABORTED"] }),
};

/** Durable, retrying delivery to targets, shared by the services that send: rules, schedules, topics. */
export { type Arn, parseArn } from "./arn.ts";
export { type DeadLetter, failureAttributes, sendDeadLetter } from "./dead-letter.ts";
export { invokeTarget, isRetriable, queueUrlOf, type TargetCall } from "./invoke-target.ts";
export {
  type Attempt,
  createOutbox,
  DEFAULT_RETRY,
  type Delivery,
  type GivenUp,
  type Outbox,
  type RetryPolicy,
} from "./outbox.ts";

/** Durable, retrying delivery to targets, shared by the services that send: rules, schedules, topics. */
export { parseArn } from "./arn.ts";
export { type DeadLetter, failureAttributes, sendDeadLetter } from "./dead-letter.ts";
export { invokeTarget, isRetriable, queueUrlOf } from "./invoke-target.ts";
export { type Attempt, createOutbox, type Delivery, type Outbox, type Outgoing } from "./outbox.ts";
export { DEFAULT_RETRY, type GivenUp } from "./retry.ts";

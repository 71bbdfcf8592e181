/** The engine's public face: the semantics of Step Functions and EventBridge, without I/O, clock or randomness. */

export * from "./patterns/index.ts";
export { compile as compileRules } from "./patterns/index.ts";
export * from "./schedules/index.ts";
export * from "./states/index.ts";
// Both state machines and rules are compiled; the plain name is the state machine's.
export { compile } from "./states/index.ts";

/** The engine's public face: the semantics of Step Functions and EventBridge, without I/O, clock or randomness. */

export * from "./patterns/index.ts";
export * from "./schedules/index.ts";
export * from "./states/index.ts";

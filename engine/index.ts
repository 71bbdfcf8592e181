/** The engine's public face: the semantics of Step Functions and EventBridge, without I/O, clock or randomness. */
export * from "./states/index.ts";

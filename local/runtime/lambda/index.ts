/** Runs Lambda functions in worker threads. */
export { EnvironmentPool, type PoolOptions, type PoolRequest } from "./environment-pool.ts";
export type { EnvironmentSpec, Outcome } from "./execution-environment.ts";
export type { ErrorPayload } from "./worker-messages.ts";

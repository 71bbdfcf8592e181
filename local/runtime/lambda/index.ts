/** Runs Lambda functions in worker threads. */
export { EnvironmentPool } from "./environment-pool.ts";
export type { EnvironmentSpec, Outcome } from "./execution-environment.ts";

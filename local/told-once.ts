/** A store that failed fails every call from then on: that it did is told once. */
import type { HomePorts } from "./define-service.ts";
import type { StoreFailedError } from "./store/index.ts";

export interface FailureLog {
  log: HomePorts["log"];
  /** Tells of the failure; what is logged for its sake afterwards is not told again. */
  fail(failure: StoreFailedError): void;
  /** Resolves with it. */
  failed: Promise<StoreFailedError>;
}

export function tellOnce(log: HomePorts["log"] = () => undefined): FailureLog {
  const failed = Promise.withResolvers<StoreFailedError>();
  let told: string | undefined;
  const isOfFailure = (message: string, fields?: Record<string, unknown>) =>
    told !== undefined && JSON.stringify([message, fields]).includes(told);
  return {
    failed: failed.promise,
    log(level, message, fields) {
      if (!isOfFailure(message, fields)) log(level, message, fields);
    },
    fail(failure) {
      log("error", failure.message);
      // As it stands in JSON, without the quotes.
      told ??= JSON.stringify(failure.message).slice(1, -1);
      failed.resolve(failure);
    },
  };
}

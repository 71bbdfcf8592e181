/** The parts of a batch: each that fails is told of, the others are done. */
import type { ErrorDetail } from "@aws-sdk/client-glue";
import { AwsError } from "../../aws-error.ts";

type Attempt<T> = { done: true; value: T } | { done: false; detail: ErrorDetail };

/** Does it, unless AWS's answer to it is an error. */
export function attempt<T>(work: () => T): Attempt<T> {
  try {
    return { done: true, value: work() };
  } catch (thrown) {
    if (!(thrown instanceof AwsError)) throw thrown;
    return { done: false, detail: { ErrorCode: thrown.code, ErrorMessage: thrown.message } };
  }
}

/** What a batch says of one of its parts: nothing, or with its key the error. */
export function failure<K extends object>(work: () => void, key: K): (K & { ErrorDetail: ErrorDetail })[] {
  const tried = attempt(work);
  return tried.done ? [] : [{ ...key, ErrorDetail: tried.detail }];
}

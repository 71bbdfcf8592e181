/** The engine's refusals as AWS's errors. */
import { InvalidEventError, InvalidEventPatternError, InvalidScheduleError } from "../../../engine/index.ts";
import { AwsError } from "../../aws-error.ts";

/** Runs `work`; what the engine refuses becomes an AwsError with the engine's code and AWS's text. */
export function withAwsErrors<T>(work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    const refused =
      thrown instanceof InvalidEventPatternError ||
      thrown instanceof InvalidEventError ||
      thrown instanceof InvalidScheduleError;
    if (refused) throw new AwsError(thrown.code, thrown.message, { cause: thrown });
    throw thrown;
  }
}

import { DeploymentError } from "../../runtime/endpoints/index.ts";
import { systemLimit } from "../../system-limit.ts";

/** Why a job failed, as its FailureReason tells: AWS's kind (ClientError, AlgorithmError, InternalServerError), then what happened. */
export class JobFailure extends Error {
  override readonly name = "JobFailure";
  readonly kind: "ClientError" | "AlgorithmError" | "InternalServerError";

  constructor(kind: JobFailure["kind"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

const LONGEST_REASON = 1024;

/** FailureReason of anything thrown while a job was prepared or finished, or an endpoint deployed. */
export function failureReason(thrown: unknown): string {
  const limit = systemLimit(thrown);
  if (limit !== undefined) return `InternalServerError: ${limit}`.slice(0, LONGEST_REASON);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown instanceof DeploymentError) return message.slice(0, LONGEST_REASON);
  const kind = thrown instanceof JobFailure ? thrown.kind : "ClientError";
  return `${kind}: ${message}`.slice(0, LONGEST_REASON);
}

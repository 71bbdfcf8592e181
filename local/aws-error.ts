import { systemLimit } from "./system-limit.ts";

/**
 * An error a service answers with, as AWS names it.
 *
 * `code` is wire contract: SDKs build their exception class from it and Step Functions matches it in ErrorEquals
 * (as `Service.Code`). `status` is the HTTP status; `fields` are further members of the modelled exception.
 */
export class AwsError extends Error {
  override readonly name = "AwsError";
  readonly code: string;
  readonly status: number;
  readonly fields: Readonly<Record<string, unknown>>;

  constructor(code: string, message: string, options: AwsErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.status = options.status ?? 400;
    this.fields = options.fields ?? {};
  }
}

export interface AwsErrorOptions {
  status?: number;
  fields?: Record<string, unknown>;
  cause?: unknown;
}

/** The call is understood and AWS has it, but this home does not: says what is built instead. */
export function notImplemented(service: string, operation: string, built: readonly string[]): AwsError {
  return new AwsError(
    "NotImplemented",
    `${service}:${operation} is not built in the embedded home; built for ${service}: ${[...built].sort().join(", ") || "nothing yet"}`,
    { status: 501 },
  );
}

/** Anything thrown, as an AwsError: own ones pass, others become InternalFailure with the cause kept. */
export function toAwsError(thrown: unknown): AwsError {
  if (thrown instanceof AwsError) return thrown;
  const message = systemLimit(thrown) ?? (thrown instanceof Error ? thrown.message : String(thrown));
  return new AwsError("InternalFailure", message, { status: 500, cause: thrown });
}

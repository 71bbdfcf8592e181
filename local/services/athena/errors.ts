/** Athena's modelled exceptions. */
import { AwsError } from "../../aws-error.ts";

export function invalidRequest(message: string): AwsError {
  return new AwsError("InvalidRequestException", message, { fields: { AthenaErrorCode: "INVALID_INPUT" } });
}

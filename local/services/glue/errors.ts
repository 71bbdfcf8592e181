/** Glue's modelled exceptions, in Glue's words. */
import { AwsError } from "../../aws-error.ts";

export function entityNotFound(message: string): AwsError {
  return new AwsError("EntityNotFoundException", message);
}

export function alreadyExists(message: string): AwsError {
  return new AwsError("AlreadyExistsException", message);
}

export function invalidInput(message: string): AwsError {
  return new AwsError("InvalidInputException", message);
}

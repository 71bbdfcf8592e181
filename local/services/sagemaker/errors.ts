/** SageMaker's own errors, with the wording its API answers. */
import { AwsError } from "../../aws-error.ts";

const NAME = /^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/;

export function validation(message: string): AwsError {
  return new AwsError("ValidationException", message);
}

export function resourceInUse(message: string): AwsError {
  return new AwsError("ResourceInUse", message);
}

/**
 * A required member, or the ValidationException AWS answers where it is missing.
 * @param member its name as the API's model has it, e.g. "processingJobName"
 */
export function required<T>(value: T | undefined, member: string): T {
  if (value === undefined || value === null) {
    throw constraint("null", member, "Member must not be null");
  }
  return value;
}

/** A required name of SageMaker's usual pattern. */
export function requiredName(value: string | undefined, member: string): string {
  const name = required(value, member);
  if (!NAME.test(name)) {
    const pattern = "Member must satisfy regular expression pattern: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}";
    throw constraint(`'${name}'`, member, pattern);
  }
  return name;
}

function constraint(value: string, member: string, rule: string): AwsError {
  return validation(`1 validation error detected: Value ${value} at '${member}' failed to satisfy constraint: ${rule}`);
}

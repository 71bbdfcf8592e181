/** ARNs of Step Functions resources, and what IAM decides on. */

/** `arn:…:stateMachine:name` → `arn:…:execution:name:execution-name`. */
export function executionArn(machineArn: string, name: string): string {
  return `${baseArn(machineArn).replace(":stateMachine:", ":execution:")}:${name}`;
}

/** Without version or alias. */
export function baseArn(machineArn: string): string {
  return machineArn.split(":").slice(0, 7).join(":");
}

/** The state machine of an execution ARN. */
export function machineOfExecution(arn: string): string {
  return arn.split(":").slice(0, 7).join(":").replace(":execution:", ":stateMachine:");
}

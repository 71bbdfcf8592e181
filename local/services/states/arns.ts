/** ARNs of Step Functions resources. Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html */

/** `arn:…:stateMachine:name` → `arn:…:execution:name:execution-name`. */
export function executionArn(machineArn: string, name: string): string {
  return `${baseArn(machineArn).replace(":stateMachine:", ":execution:")}:${name}`;
}

/** An Express execution's ARN ends in an id of its own: its name may be used again. */
export function expressArn(machineArn: string, name: string, id: string): string {
  return `${baseArn(machineArn).replace(":stateMachine:", ":express:")}:${name}:${id}`;
}

/** Without version or alias. */
export function baseArn(machineArn: string): string {
  let end = -1;
  for (let part = 0; part < 7; part++) {
    end = machineArn.indexOf(":", end + 1);
    if (end < 0) return machineArn;
  }
  return machineArn.slice(0, end);
}

/** The state machine's own name, of its ARN or that of a version or an alias. */
export function machineName(machineArn: string): string {
  const base = baseArn(machineArn);
  return base.slice(base.lastIndexOf(":") + 1);
}

/** `arn:…:mapRun:name/label:uuid` → `arn:…:stateMachine:name/label`, what its children run. */
export function childMachineArn(mapRunArn: string): string {
  return baseArn(mapRunArn).replace(":mapRun:", ":stateMachine:");
}

/** A distributed map's child. @param expressId set for Express children */
export function childExecutionArn(mapRunArn: string, name: string, expressId: string | undefined): string {
  const machine = childMachineArn(mapRunArn);
  return expressId === undefined ? executionArn(machine, name) : expressArn(machine, name, expressId);
}

/** `arn:…:stateMachine:name/label:3` → `arn:…:stateMachine:name`: whose logging and deletion a map run's child follows. */
export function parentMachineArn(machineArn: string): string {
  const base = baseArn(machineArn);
  const label = base.indexOf("/");
  return label < 0 ? base : base.slice(0, label);
}

/** A state machine whose definition is one file of `workflows/`, deployed byte for byte. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { RemovalPolicy } from "aws-cdk-lib";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { DefinitionBody, LogLevel, StateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import { BECAUSE } from "../permissions/reasons.ts";
import type { WorkflowName } from "../permissions/workflows.ts";
import { TRACING } from "./handler-function.ts";
import { type Permission, ServiceRole } from "./service-role.ts";

export type WorkflowProps = Readonly<{
  name: WorkflowName;
  /** The folder `workflows/`. */
  directory: string;
  /** Value of each `${Name}` any workflow may use. */
  substitutions: Readonly<Record<string, string>>;
  permissions: readonly Permission[];
}>;

/** A workflow asks for a substitution the app does not have. */
export class UnknownSubstitutionError extends Error {
  override readonly name = "UnknownSubstitutionError";
  readonly code = "UNKNOWN_SUBSTITUTION";
}

export class Workflow extends Construct {
  readonly stateMachine: StateMachine;

  /** @throws {@link UnknownSubstitutionError} when the definition names a substitution that is not given */
  constructor(scope: Construct, id: string, props: WorkflowProps) {
    super(scope, id);
    const file = join(props.directory, `${props.name}.asl.json`);
    const role = new ServiceRole(this, "Access", {
      service: "states.amazonaws.com",
      description: `State machine ${props.name}`,
      permissions: [...props.permissions, LOG_DELIVERY, TRACING, SAMPLING],
    });
    this.stateMachine = new StateMachine(this, "StateMachine", {
      stateMachineName: props.name,
      definitionBody: DefinitionBody.fromFile(file),
      definitionSubstitutions: usedSubstitutions(file, props.substitutions),
      role: role.sealed,
      tracingEnabled: true,
      logs: {
        destination: new LogGroup(this, "Logs", {
          logGroupName: `/aws/vendedlogs/states/${props.name}`,
          retention: RetentionDays.THREE_MONTHS,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        includeExecutionData: true,
      },
    });
  }
}

/** Log delivery is set up account-wide: https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html */
const LOG_DELIVERY: Permission = {
  actions: [
    "logs:CreateLogDelivery",
    "logs:GetLogDelivery",
    "logs:UpdateLogDelivery",
    "logs:DeleteLogDelivery",
    "logs:ListLogDeliveries",
    "logs:PutResourcePolicy",
    "logs:DescribeResourcePolicies",
    "logs:DescribeLogGroups",
  ],
  resources: ["*"],
  wildcard: BECAUSE.noResourceLevel,
};

const SAMPLING: Permission = {
  actions: ["xray:GetSamplingRules", "xray:GetSamplingTargets"],
  resources: ["*"],
  wildcard: BECAUSE.noResourceLevel,
};

function usedSubstitutions(file: string, known: Readonly<Record<string, string>>): Record<string, string> {
  const names = new Set(Array.from(readFileSync(file, "utf8").matchAll(/\$\{(\w+)\}/g), ([, name]) => name ?? ""));
  const used: Record<string, string> = {};
  for (const name of [...names].sort()) {
    const value = known[name];
    if (value === undefined) {
      const offered = Object.keys(known).sort().join(", ");
      throw new UnknownSubstitutionError(`${file}: no value for \${${name}}; the app offers ${offered}`);
    }
    used[name] = value;
  }
  return used;
}

/**
 * A state machine that waits for jobs is only made if its role may have EventBridge tell of their ends.
 * Sources: https://docs.aws.amazon.com/step-functions/latest/dg/stepfunctions-iam.html, …/sagemaker-iam.html, and what AWS was seen
 * to answer CreateStateMachine and UpdateStateMachine.
 */
import type { JsonValue } from "../../../engine/states/index.ts";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";

/** What is waited for → the rule that tells of it. Of other integrations Step Functions asks by itself. */
const RULES: Readonly<Record<string, string>> = {
  "states:startExecution": "StepFunctionsGetEventsForStepFunctionsExecutionRule",
  "sagemaker:createTrainingJob": "StepFunctionsGetEventsForSageMakerTrainingJobsRule",
  "sagemaker:createProcessingJob": "StepFunctionsGetEventsForSageMakerProcessingJobsRule",
  "sagemaker:createTransformJob": "StepFunctionsGetEventsForSageMakerTransformJobsRule",
};
const ACTIONS = ["PutTargets", "PutRule", "DescribeRule"];
const SESSION = "states";
const WAITED_FOR = /^arn:aws[\w-]*:states:[^:]*:[^:]*:([a-z]+:\w+)\.sync(?::2)?$/;

type Home = Pick<HomePorts, "authorize" | "region" | "accountId">;

/** @throws AwsError AccessDeniedException */
export function checkCompletionRights(home: Home, roleArn: string, definition: JsonValue): void {
  const principal = { kind: "role", roleArn, sessionName: SESSION } as const;
  try {
    for (const rule of rulesOf(definition)) {
      const resource = `arn:aws:events:${home.region}:${home.accountId}:rule/${rule}`;
      for (const action of ACTIONS) home.authorize(principal, { action: `events:${action}`, resource });
    }
  } catch (cause) {
    if (!(cause instanceof AwsError) || cause.code !== "AccessDeniedException") throw cause;
    throw new AwsError("AccessDeniedException", `'${roleArn}' is not authorized to create managed-rule.`, { cause });
  }
}

function rulesOf(definition: JsonValue): ReadonlySet<string> {
  const rules = new Set<string>();
  const open: unknown[] = [definition];
  for (let flow = open.pop(); flow !== undefined; flow = open.pop()) {
    for (const state of membersOf(Reflect.get(Object(flow), "States"))) {
      const { Resource, Branches, ItemProcessor, Iterator: iterator }: Record<string, unknown> = { ...Object(state) };
      const rule = RULES[WAITED_FOR.exec(String(Resource))?.[1] ?? ""];
      if (rule !== undefined) rules.add(rule);
      open.push(...membersOf(Branches), ...[ItemProcessor, iterator].filter((inner) => inner !== undefined));
    }
  }
  return rules;
}

function membersOf(value: unknown): unknown[] {
  return typeof value === "object" && value !== null ? Object.values(value) : [];
}

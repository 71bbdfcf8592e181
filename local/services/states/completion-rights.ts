/**
 * A state machine that waits for jobs is only made if its role may have EventBridge tell of their ends.
 * Sources: https://docs.aws.amazon.com/step-functions/latest/dg/stepfunctions-iam.html, …/sagemaker-iam.html, and what AWS was seen
 * to answer CreateStateMachine and UpdateStateMachine.
 */
import { isObject, type JsonObject } from "../../../engine/states/json.ts";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import { innerFlows } from "./foresee.ts";
import { parseResource } from "./integrations/resource.ts";

/** What is waited for → the rule that tells of it. Of other integrations Step Functions asks by itself. */
const RULES: Readonly<Record<string, string>> = {
  "states:startExecution": "StepFunctionsGetEventsForStepFunctionsExecutionRule",
  "sagemaker:createTrainingJob": "StepFunctionsGetEventsForSageMakerTrainingJobsRule",
  "sagemaker:createProcessingJob": "StepFunctionsGetEventsForSageMakerProcessingJobsRule",
  "sagemaker:createTransformJob": "StepFunctionsGetEventsForSageMakerTransformJobsRule",
};
const ACTIONS = ["PutTargets", "PutRule", "DescribeRule"];
const SESSION = "states";

type Home = Pick<HomePorts, "authorize" | "region" | "accountId">;

/** @throws AwsError AccessDeniedException */
export function checkCompletionRights(home: Home, roleArn: string, definition: JsonObject): void {
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

function rulesOf(definition: JsonObject): ReadonlySet<string> {
  const rules = new Set<string>();
  const open = [definition];
  for (let flow = open.pop(); flow !== undefined; flow = open.pop()) {
    for (const state of Object.values(flow.States ?? {}).filter(isObject)) {
      const rule = typeof state.Resource === "string" ? ruleOf(state.Resource) : undefined;
      if (rule !== undefined) rules.add(rule);
      open.push(...innerFlows(state));
    }
  }
  return rules;
}

function ruleOf(arn: string): string | undefined {
  const resource = parseResource(arn);
  if (resource?.kind !== "optimized" || !resource.pattern.startsWith("SYNC")) return undefined;
  return RULES[`${resource.service}:${resource.action}`];
}

/** What each state machine's role may do, beside writing its own log and traces. */
import type { Arns } from "../arns.ts";
import type { Permission } from "../constructs/service-role.ts";
import { queryVersions } from "./athena.ts";
import { BECAUSE } from "./reasons.ts";

/** The state machines of the app; each is `workflows/<name>.asl.json`. */
export const WORKFLOWS = ["data-product-update", "train-model", "release-model"] as const;
export type WorkflowName = (typeof WORKFLOWS)[number];
export type JobRoles = Readonly<{ processing: string; training: string; serving: string }>;

/** The permissions of one workflow. */
export function workflowPermissions(name: WorkflowName, arns: Arns, roles: JobRoles): Permission[] {
  const own = {
    "data-product-update": () => dataProductUpdate(arns),
    "train-model": () => trainModel(arns, roles),
    "release-model": () => releaseModel(arns, roles),
  };
  return [{ actions: ["events:PutEvents"], resources: [arns.defaultBus] }, ...own[name]()];
}

function dataProductUpdate(arns: Arns): Permission[] {
  return [
    { actions: ["ssm:GetParameter"], resources: [...arns.productParameters, ...arns.modelParameters] },
    invoke(arns, "describe-product", "crawl-product", "keep-version", "drift-query", "drift-verdict"),
    claims(arns),
    ownExecutions(arns, "data-product-update"),
    ...registryReads(arns),
    ...queryVersions(arns),
    { actions: ["glue:DeleteTable"], resources: arns.versionCatalog, wildcard: BECAUSE.versionDatabases },
    { actions: ["glue:DeleteDatabase"], resources: arns.versionDatabases, wildcard: BECAUSE.versionDatabases },
    { actions: ["s3:PutObject"], resources: [arns.artifacts], wildcard: BECAUSE.objects },
    { actions: ["states:StartExecution"], resources: [arns.stateMachine("train-model")] },
    {
      actions: ["states:DescribeExecution", "states:StopExecution"],
      resources: [arns.executions("train-model")],
      wildcard: BECAUSE.executions,
    },
    completionRules(arns, "StepFunctionsGetEventsForStepFunctionsExecutionRule"),
  ];
}

function trainModel(arns: Arns, roles: JobRoles): Permission[] {
  const job = (kind: "Processing" | "Training"): Permission => ({
    actions: ["Create", "Describe", "Stop"].map((verb) => `sagemaker:${verb}${kind}Job`).concat("sagemaker:AddTags"),
    resources: arns.jobs(kind === "Processing" ? "processing-job" : "training-job"),
    wildcard: BECAUSE.jobs,
  });
  return [
    { actions: ["ssm:GetParameter"], resources: arns.modelParameters },
    invoke(arns, "baseline", "gate"),
    { actions: ["s3:GetObject"], resources: [arns.modelAssets], wildcard: BECAUSE.objects },
    job("Processing"),
    job("Training"),
    passRole(roles.processing, roles.training),
    completionRules(
      arns,
      "StepFunctionsGetEventsForSageMakerProcessingJobsRule",
      "StepFunctionsGetEventsForSageMakerTrainingJobsRule",
    ),
    ...queryVersions(arns),
    {
      actions: ["sagemaker:CreateModelPackage"],
      resources: [...arns.packageGroups, ...arns.packages],
      wildcard: BECAUSE.versions,
    },
  ];
}

function releaseModel(arns: Arns, roles: JobRoles): Permission[] {
  return [
    { actions: ["ssm:GetParameter"], resources: arns.modelParameters },
    invoke(arns, "deploy-endpoint", "smoke-test"),
    claims(arns),
    ownExecutions(arns, "release-model"),
    ...registryReads(arns),
    { actions: ["sagemaker:UpdateModelPackage"], resources: arns.packages, wildcard: BECAUSE.versions },
    { actions: ["sagemaker:ListEndpoints"], resources: ["*"], wildcard: BECAUSE.noResourceLevel },
    { actions: ["sagemaker:DescribeEndpoint", "sagemaker:DeleteEndpoint"], resources: arns.endpoints },
    {
      actions: ["sagemaker:CreateModel", "sagemaker:CreateEndpointConfig"],
      resources: [...arns.servedModels, ...arns.endpointConfigs],
      wildcard: BECAUSE.jobs,
    },
    passRole(roles.serving),
  ];
}

function invoke(arns: Arns, ...handlers: readonly string[]): Permission {
  return { actions: ["lambda:InvokeFunction"], resources: handlers.map((name) => arns.handler(name)) };
}

function claims(arns: Arns): Permission {
  return { actions: ["dynamodb:GetItem", "dynamodb:UpdateItem"], resources: [arns.table] };
}

/** Who holds a claim is asked of the execution that made it. */
function ownExecutions(arns: Arns, name: WorkflowName): Permission {
  return { actions: ["states:DescribeExecution"], resources: [arns.executions(name)], wildcard: BECAUSE.executions };
}

function registryReads(arns: Arns): Permission[] {
  return [
    { actions: ["sagemaker:ListModelPackages"], resources: ["*"], wildcard: BECAUSE.noResourceLevel },
    { actions: ["sagemaker:DescribeModelPackage"], resources: arns.packages, wildcard: BECAUSE.versions },
  ];
}

/** A `.sync` task is told of the end of its job by a rule that Step Functions manages in this account. */
function completionRules(arns: Arns, ...names: readonly string[]): Permission {
  return {
    actions: ["events:PutTargets", "events:PutRule", "events:DescribeRule"],
    resources: names.map((name) => arns.managedRule(name)),
  };
}

function passRole(...roleArns: readonly string[]): Permission {
  return {
    actions: ["iam:PassRole"],
    resources: roleArns,
    conditions: { StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } },
  };
}

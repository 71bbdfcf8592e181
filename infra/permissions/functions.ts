/** What each function needs beside its log group: limits, environment and permissions. One entry a handler. */
import type { Arns } from "../arns.ts";
import type { Permission } from "../constructs/service-role.ts";
import { LIFECYCLE_TABLE, type Names } from "../names.ts";
import { BECAUSE } from "./reasons.ts";
import { WORKFLOWS } from "./workflows.ts";

export type FunctionSpec = Readonly<{
  context: "producer" | "ml";
  description: string;
  timeoutSeconds: number;
  memoryMb: number;
  /** Events and schedules invoke it, asynchronously: what it fails on for good is kept. */
  invokedByEvents?: true;
  environment: Readonly<Record<string, string>>;
  permissions: readonly Permission[];
}>;

/** Every handler of the app by the name of its folder. */
export function functionSpecs(arns: Arns, names: Names): Readonly<Record<string, FunctionSpec>> {
  return {
    ...producerFunctions(arns, names),
    ...triggerFunctions(arns),
    "keep-version": keepVersion(arns, names),
    ...trainingFunctions(arns),
    ...releaseFunctions(arns),
  };
}

function producerFunctions(arns: Arns, names: Names): Record<string, FunctionSpec> {
  return {
    "curate-product": {
      context: "producer",
      description: "Checks a published file, curates it into the data product, quarantines what it refuses",
      // Thousands of small files may be published at once.
      timeoutSeconds: 300,
      memoryMb: 512,
      environment: { LANDING_BUCKET: names.landingBucket() },
      permissions: [
        { actions: ["ssm:GetParameter"], resources: arns.producerParameters },
        {
          actions: ["s3:GetObject"],
          resources: [arns.curationAssets, arns.landingObjects("incoming")],
          wildcard: BECAUSE.objects,
        },
        { actions: ["s3:PutObject"], resources: [arns.landingObjects("quarantine")], wildcard: BECAUSE.objects },
        { actions: ["s3:GetObject", "s3:PutObject"], resources: arns.productObjects, wildcard: BECAUSE.objects },
        { actions: ["s3:ListBucket"], resources: [...arns.productBuckets, arns.landingBucket] },
      ],
    },
  };
}

function triggerFunctions(arns: Arns): Record<string, FunctionSpec> {
  const environment = { LIFECYCLE_TABLE };
  const startLifecycle: FunctionSpec = {
    context: "ml",
    description: "Any trigger: finds the data version and starts its lifecycle once",
    timeoutSeconds: 60,
    memoryMb: 256,
    invokedByEvents: true,
    environment: { ...environment, STATE_MACHINE_ARN: arns.stateMachine("data-product-update") },
    permissions: [
      {
        actions: ["ssm:GetParameter", "ssm:GetParametersByPath"],
        resources: [arns.productParametersPath, ...arns.productParameters],
      },
      { actions: ["s3:ListBucket"], resources: arns.productBuckets },
      { actions: ["s3:GetObject"], resources: arns.productObjects, wildcard: BECAUSE.objects },
      { actions: ["states:StartExecution"], resources: [arns.stateMachine("data-product-update")] },
      { actions: ["dynamodb:GetItem"], resources: [arns.table] },
    ],
  };
  const completeTask: FunctionSpec = {
    context: "ml",
    description: "Ends the tasks that wait for a crawler or an endpoint",
    timeoutSeconds: 30,
    memoryMb: 256,
    invokedByEvents: true,
    environment: { ...environment, ...crawlerEnvironment(arns) },
    permissions: [
      { actions: ["dynamodb:Query", "dynamodb:UpdateItem", "dynamodb:DeleteItem"], resources: [arns.table] },
      crawl(arns, "glue:GetCrawler", "glue:StartCrawler"),
      { actions: ["sagemaker:DescribeEndpoint"], resources: arns.endpoints },
      sendTask(arns, "data-product-update", "release-model"),
    ],
  };
  return { "start-lifecycle": startLifecycle, "complete-task": completeTask, "report-failure": reportFailure(arns) };
}

function reportFailure(arns: Arns): FunctionSpec {
  return {
    context: "ml",
    description: "Tells of a lifecycle that was stopped, ran out of time, or failed without telling so itself",
    timeoutSeconds: 60,
    memoryMb: 256,
    invokedByEvents: true,
    environment: { LIFECYCLE_TABLE },
    permissions: [
      {
        actions: ["states:GetExecutionHistory"],
        resources: WORKFLOWS.map((name) => arns.executions(name)),
        wildcard: BECAUSE.executions,
      },
      { actions: ["dynamodb:PutItem", "dynamodb:DeleteItem"], resources: [arns.table] },
      { actions: ["events:PutEvents"], resources: [arns.defaultBus] },
    ],
  };
}

function keepVersion(arns: Arns, names: Names): FunctionSpec {
  return {
    context: "ml",
    description: "Copies the rows of a data version to where a lifecycle reads them, and registers their table",
    // As long as a function may take: a product may be large.
    timeoutSeconds: 900,
    memoryMb: 512,
    environment: { VERSIONS_BUCKET: names.athenaBucket(), CATALOG_ID: names.account("governance") },
    permissions: [
      { actions: ["s3:ListBucket"], resources: arns.productBuckets },
      { actions: ["s3:GetObject"], resources: arns.productObjects, wildcard: BECAUSE.objects },
      { actions: ["s3:PutObject"], resources: [arns.versionObjects], wildcard: BECAUSE.objects },
      { actions: ["glue:GetTable", "glue:GetPartitions"], resources: arns.catalog },
      {
        actions: ["glue:CreateDatabase", "glue:CreateTable", "glue:DeleteTable", "glue:BatchCreatePartition"],
        resources: arns.versionCatalog,
        wildcard: BECAUSE.versionDatabases,
      },
    ],
  };
}

function trainingFunctions(arns: Arns): Record<string, FunctionSpec> {
  const spec = (description: string, timeoutSeconds: number, permissions: readonly Permission[]): FunctionSpec => ({
    context: "ml",
    description,
    timeoutSeconds,
    memoryMb: 256,
    environment: {},
    permissions,
  });
  const readArtifacts: Permission = {
    actions: ["s3:GetObject"],
    resources: [arns.artifacts],
    wildcard: BECAUSE.objects,
  };
  return {
    "describe-product": spec("Data version and header of what a product holds now", 30, [
      { actions: ["s3:ListBucket"], resources: arns.productBuckets },
      { actions: ["s3:GetObject"], resources: arns.productObjects, wildcard: BECAUSE.objects },
    ]),
    "crawl-product": {
      ...spec("Keeps the task token and starts the crawler", 30, [
        { actions: ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"], resources: [arns.table] },
        crawl(arns, "glue:StartCrawler", "glue:GetCrawler"),
        sendTask(arns, "data-product-update"),
      ]),
      environment: { LIFECYCLE_TABLE, ...crawlerEnvironment(arns) },
    },
    "drift-query": spec("Compares schemas and builds the SQL that measures drift", 30, [
      { actions: ["s3:GetObject"], resources: [arns.artifacts, arns.modelAssets], wildcard: BECAUSE.objects },
    ]),
    "drift-verdict": spec("Turns the drift query's rows into a verdict that names what moved", 10, []),
    baseline: spec("Builds the SQL of the training data's statistics and keeps its result as the baseline", 30, [
      { actions: ["athena:GetQueryResults"], resources: [arns.workgroup] },
      { actions: ["s3:GetObject"], resources: [arns.athenaObjects], wildcard: BECAUSE.objects },
      { actions: ["s3:PutObject"], resources: [arns.artifacts], wildcard: BECAUSE.objects },
    ]),
    gate: spec("Decides between champion and challenger", 10, [readArtifacts]),
  };
}

function releaseFunctions(arns: Arns): Record<string, FunctionSpec> {
  return {
    "deploy-endpoint": {
      context: "ml",
      description: "Keeps the task token and creates or updates the endpoint",
      timeoutSeconds: 30,
      memoryMb: 256,
      environment: { LIFECYCLE_TABLE },
      permissions: [
        { actions: ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"], resources: [arns.table] },
        {
          actions: ["sagemaker:DescribeEndpoint", "sagemaker:CreateEndpoint", "sagemaker:UpdateEndpoint"],
          resources: [...arns.endpoints, ...arns.endpointConfigs],
          wildcard: BECAUSE.jobs,
        },
        sendTask(arns, "release-model"),
      ],
    },
    "smoke-test": {
      context: "ml",
      description: "Asks the endpoint about held-out rows",
      timeoutSeconds: 60,
      memoryMb: 256,
      environment: {},
      permissions: [
        { actions: ["s3:ListBucket"], resources: [arns.artifactsBucket] },
        { actions: ["s3:GetObject"], resources: [arns.artifacts], wildcard: BECAUSE.objects },
        { actions: ["sagemaker:InvokeEndpoint"], resources: arns.endpoints },
      ],
    },
  };
}

/** `states:SendTask*` takes no narrower resource than the state machine whose task it is. */
function sendTask(arns: Arns, ...stateMachines: readonly string[]): Permission {
  return {
    actions: ["states:SendTaskSuccess", "states:SendTaskFailure"],
    resources: stateMachines.map((name) => arns.stateMachine(name)),
  };
}

/** Crawlers of this account are started as oneself, those of another by the role it has for that. */
function crawl({ crawlers, crawlerControl }: Arns, ...actions: readonly string[]): Permission {
  if (crawlerControl === undefined) return { actions, resources: crawlers };
  return { actions: ["sts:AssumeRole"], resources: [crawlerControl] };
}

function crawlerEnvironment({ crawlerControl }: Arns): Record<string, string> {
  return crawlerControl === undefined ? {} : { CRAWLER_ROLE_ARN: crawlerControl };
}

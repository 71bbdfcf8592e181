/** Tasks of every integration, as AWS documents them and as it refuses them, against the whole of validation. */
import { describe, expect, it } from "vitest";
import { parseDefinition } from "../../../engine/index.ts";
import { taskApis } from "../../../local/api-models/task-apis.ts";
import { DOCUMENTED } from "./documented-tasks.ts";

const told = (task: object) =>
  parseDefinition(JSON.stringify({ StartAt: "T", States: { T: { Type: "Task", ...task, End: true } } }), {
    apis: taskApis,
  }).diagnostics.map(({ message, location }) => `${message} at ${location}`);

const arn = (name: string) => `arn:aws:states:::${name}`;
const inJsonPath = (name: string, Parameters: unknown) => ({ Resource: arn(name), Parameters });
const inJsonata = (name: string, parameters: unknown) => ({
  QueryLanguage: "JSONata",
  Resource: arn(name),
  Arguments: asArguments(parameters),
});

/** The same parameters in JSONata: what was computed is an expression. */
function asArguments(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asArguments);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) =>
      name.endsWith(".$") ? [name.slice(0, -2), "{% $states.input.a %}"] : [name, asArguments(each)],
    ),
  );
}

describe("what AWS documents", () => {
  it.each(DOCUMENTED)("passes in both query languages: %s %j", (name, parameters) => {
    expect(told(inJsonPath(name, parameters))).toEqual([]);
    expect(told(inJsonata(name, parameters))).toEqual([]);
  });

  it.each([
    ["s3:putObject", { "Bucket.$": "$.b", Key: "k", "Body.$": "$.t", Metadata: { key: "value" } }],
    ["sqs:sendMessage", { QueueUrl: "q", MessageBody: "t", MessageAttributes: { key: { StringValue: "t" } } }],
    ["sqs:sendMessage", { QueueUrl: null, MessageBody: "t", DelaySeconds: 2 }],
    ["s3:listObjectsV2", { Bucket: "b", FetchOwner: " TRUE " }],
    ["s3:listObjectsV2", { Bucket: "b", FetchOwner: "" }],
    ["s3:listObjectsV2", { Bucket: "b", FetchOwner: "null" }],
    ["s3:listObjectsV2", { Bucket: "b", FetchOwner: -1 }],
  ])("passes as AWS was seen to take it: %s %j", (name, parameters) => {
    expect(told(inJsonPath(`aws-sdk:${name}`, parameters))).toEqual([]);
  });

  it("passes with texts that the run computes where the API has whole numbers", () => {
    const toldOf = (InitialInstanceCount: string) =>
      told(
        inJsonata("aws-sdk:sagemaker:createEndpointConfig", {
          EndpointConfigName: "c",
          ProductionVariants: [{ ModelName: "m", VariantName: "v", InitialInstanceCount }],
        }),
      );
    expect(toldOf("{% $model.count %}")).toEqual([]);
    expect(toldOf("1")).toEqual([
      "The value for the field 'InitialInstanceCount' must be an INTEGER at /States/T/Arguments",
    ]);
  });

  it("passes with members that the run computes altogether", () => {
    expect(told({ QueryLanguage: "JSONata", Resource: arn("batch:submitJob"), Arguments: "{% $job %}" })).toEqual([]);
    // Which members there are is for the run to tell, as their values are.
    expect(told(inJsonPath("lambda:invoke", { FunctionName: "f", "TaskToken.$": "$$.Task.Token" }))).toEqual([]);
  });
});

describe("what AWS refuses", () => {
  const unsupported = (field: string) => `The field "${field}" is not supported by Step Functions`;
  const missing = (field: string) => `The field '${field}' is required but was missing`;
  const training = {
    TrainingJobName: "t",
    RoleArn: "r",
    AlgorithmSpecification: { TrainingInputMode: "Pipe" },
    OutputDataConfig: { S3OutputPath: "s3://b" },
    ResourceConfig: { VolumeSizeInGB: 1 },
    StoppingCondition: {},
  };
  const dataSource = (source: object) => ({
    ...training,
    InputDataConfig: [
      { ChannelName: "c", DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: "u", ...source } } },
    ],
  });

  it.each([
    [
      "aws-sdk:s3:getObject",
      { Bucket: "b", Key: "k", bucket: "b" },
      [`${unsupported("bucket")}. Did you mean 'Bucket'?`],
    ],
    ["aws-sdk:s3:putObject", { bucket: "b", Key: "k" }, [missing("Bucket"), missing("Body")]],
    ["aws-sdk:s3:putObject", { Bucket: "b", Key: "k", Bogus: true }, [missing("Body")]],
    [
      "aws-sdk:s3:putObject",
      { Bucket: 123, Key: "k", Body: "t" },
      ["The value for the field 'Bucket' must be a STRING"],
    ],
    [
      "aws-sdk:sqs:sendMessage",
      { QueueUrl: "q", MessageBody: "t", DelaySeconds: "2" },
      ["The value for the field 'DelaySeconds' must be an INTEGER"],
    ],
    [
      "aws-sdk:sqs:sendMessage",
      { QueueUrl: "q", MessageBody: "t", MessageAttributes: { key: { DataType: 123, StringValue: 12 } } },
      ["The value for the field 'DataType' must be a STRING"],
    ],
    [
      "aws-sdk:sqs:sendMessage",
      { QueueUrl: "q", MessageBody: "t", MessageAttributes: { key: { DataType: "String", bogus: "t" } } },
      [unsupported("bogus")],
    ],
    [
      "aws-sdk:s3:listObjectsV2",
      { Bucket: "b", FetchOwner: 1.5 },
      [
        "Cannot deserialize value of type `java.lang.Boolean` from Floating-point value (token `JsonToken.VALUE_NUMBER_FLOAT`)",
      ],
    ],
    [
      "aws-sdk:s3:listObjectsV2",
      { Bucket: "b", FetchOwner: "TrUe" },
      ['Cannot deserialize value of type `java.lang.Boolean` from String "TrUe": only "true" or "false" recognized'],
    ],
    ["aws-sdk:ec2:describeSnapshots", { Filter: [] }, [unsupported("Filter")]],
    ["aws-sdk:emrserverless:startJobRun", { ApplicationId: "a", ExecutionRoleArn: "r" }, [missing("ClientToken")]],
    ["aws-sdk:dynamodb:putItem", { TableName: "t", Item: { a: { BOOL: true } } }, [unsupported("BOOL")]],
    [
      "aws-sdk:verifiedpermissions:createPolicy",
      { PolicyStoreId: "p", Definition: { Static: { Statement: "s" } } },
      [unsupported("Static")],
    ],
    [
      "aws-sdk:rds:describeDBClusters",
      { DBClusterIdentifier: "c" },
      [`${unsupported("DBClusterIdentifier")}. Did you mean 'DbClusterIdentifier'?`],
    ],
    ["sagemaker:createTrainingJob.sync", dataSource({ AtttributeNames: [] }), [unsupported("AtttributeNames")]],
    ["sagemaker:createTrainingJob.sync", { TrainingJobName: "t" }, expect.arrayContaining([missing("RoleArn")])],
    [
      "ecs:runTask.sync",
      { TaskDefinition: "t", NetworkConfiguration: { awsVpcConfiguration: { Subnets: [] } } },
      [unsupported("awsVpcConfiguration")],
    ],
    ["ecs:runTask", { TaskDefinition: "t", Overrides: { ContainerOverrides: [{ name: "c" }] } }, [unsupported("name")]],
    ["batch:submitJob.sync", { JobName: "j", JobQueue: "q" }, [missing("JobDefinition")]],
    ["dynamodb:deleteItem", { TableName: "t" }, [missing("Key")]],
    ["athena:getQueryResults", { QueryId: "q" }, [missing("QueryExecutionId"), unsupported("QueryId")]],
    [
      "events:putEvents",
      { Entries: [{ "Detail-Type": "d" }, { source: "s" }] },
      [unsupported("Detail-Type"), unsupported("source")],
    ],
    ["http:invoke", { ApiEndpoint: "https://e", Headers: {}, Body: {} }, [missing("Method"), unsupported("Body")]],
    [
      "http:invoke",
      { ApiEndpoint: "https://e", Method: "GET", Authentication: { Connection: "c" } },
      [missing("ConnectionArn"), unsupported("Connection")],
    ],
    ["apigateway:invoke", { ApiEndpoint: "e", Method: "GET", Body: "b" }, [unsupported("Body")]],
    ["eks:call", { ClusterName: "c", Endpoint: "e", Method: "GET", Path: "/" }, [missing("CertificateAuthority")]],
    [
      "elasticmapreduce:addStep.sync",
      { ClusterId: "c", Step: { Name: "s", HadoopJarStep: { jar: "j" } } },
      [missing("Jar"), unsupported("jar")],
    ],
    ["bedrock:invokeModel", { Body: {}, Prompt: "p" }, [missing("ModelId"), unsupported("Prompt")]],
  ])("is refused as it is, whatever the language: %s %j", (name, parameters, expected) => {
    for (const [field, task] of [
      ["Parameters", inJsonPath(name, parameters)],
      ["Arguments", inJsonata(name, parameters)],
    ] as const) {
      const place = ` at /States/T/${field}`;
      const messages = told(task);
      expect(messages.every((message) => message.endsWith(place))).toBe(true);
      expect(messages.map((message) => message.slice(0, -place.length))).toEqual(expected);
    }
  });

  it.each([
    ...[
      "lambda:invoke.sync",
      "sns:publish.sync",
      "sqs:sendMessage.sync",
      "dynamodb:getItem.sync",
      "events:putEvents.sync",
    ],
    ...["http:invoke.sync", "apigateway:invoke.sync", "aws-sdk:glue:startJobRun.sync", "sagemaker:createEndpoint.sync"],
    ...["athena:getQueryResults.sync", "codebuild:batchGetReports.sync", "codebuild:stopBuild.sync", "eks:call.sync"],
    ...["emr-containers:createVirtualCluster.sync", "elasticmapreduce:cancelStep.sync", "bedrock:invokeModel.sync"],
    ...["glue:startJobRun.sync:2", "lambda:invoke.sync:2", "glue:startJobRun.waitForTaskToken"],
    ...["sagemaker:createTrainingJob.waitForTaskToken", "athena:startQueryExecution.waitForTaskToken"],
    ...["dynamodb:putItem.waitForTaskToken", "batch:submitJob.waitForTaskToken", "http:invoke.waitForTaskToken"],
    ...["bedrockagentcore:invokeHarness.sync", "bedrockagentcore:invokeHarness.waitForTaskToken"],
    ...["dynamodb:query", "glue:startCrawler", "sagemaker:describeTrainingJob", "s3:getObject", "lambda:invoke.Sync"],
  ])("is a pattern or an action that the integration does not have: %s", (name) => {
    const why = "The value is not a valid resource ARN, or the resource is not available in this region.";
    expect(told(inJsonPath(name, {}))).toEqual([
      `The resource provided ${arn(name)} is not recognized. ${why} at /States/T/Resource`,
    ]);
  });
});

/** Tasks as AWS documents its integrations, one or more a service, in JSONPath. Names, ARNs and buckets are made up. */

export type DocumentedTask = readonly [resource: string, parameters: Readonly<Record<string, unknown>>];

const ROLE = "arn:aws:iam::123456789012:role/job";
const IMAGE = "123456789012.dkr.ecr.us-east-1.amazonaws.com/image:1";

const COMPUTE: readonly DocumentedTask[] = [
  ["lambda:invoke", { FunctionName: "arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST", "Payload.$": "$" }],
  ["lambda:invoke", { FunctionName: "f", InvocationType: "Event", Qualifier: "live", Payload: { "a.$": "$.a", b: 1 } }],
  ["lambda:invoke.waitForTaskToken", { FunctionName: "f", Payload: { "token.$": "$$.Task.Token", model: "m" } }],
  [
    "batch:submitJob.sync",
    {
      JobDefinition: "preprocessing",
      JobName: "PreprocessingBatchJob",
      JobQueue: "SecondaryQueue",
      "Parameters.$": "$.batchjob.parameters",
      ContainerOverrides: { ResourceRequirements: [{ Type: "VCPU", Value: "4" }], "Command.$": "$.command" },
      RetryStrategy: { attempts: 5 },
      Timeout: { AttemptDurationSeconds: 60 },
      ArrayProperties: { "Size.$": "$.size" },
    },
  ],
  [
    "ecs:runTask.sync",
    {
      LaunchType: "FARGATE",
      Cluster: "cluster",
      TaskDefinition: "job:1",
      NetworkConfiguration: { AwsvpcConfiguration: { Subnets: ["subnet-1"], AssignPublicIp: "ENABLED" } },
      Overrides: { ContainerOverrides: [{ Name: "container-name", "Command.$": "$.commands" }] },
    },
  ],
  [
    "ecs:runTask.waitForTaskToken",
    {
      TaskDefinition: "job:1",
      Overrides: {
        ContainerOverrides: [{ Name: "c", Environment: [{ Name: "TASK_TOKEN", "Value.$": "$$.Task.Token" }] }],
      },
    },
  ],
  ["eks:createCluster.sync", { Name: "c", RoleArn: ROLE, ResourcesVpcConfig: { SubnetIds: ["subnet-1", "subnet-2"] } }],
  ["eks:createNodegroup.sync", { ClusterName: "c", NodegroupName: "n", NodeRole: ROLE, Subnets: ["subnet-1"] }],
  [
    "eks:createFargateProfile.sync",
    {
      ClusterName: "c",
      FargateProfileName: "p",
      PodExecutionRoleArn: ROLE,
      Selectors: [{ Namespace: "n", Labels: { key: "v" } }],
    },
  ],
  ["eks:call", { ClusterName: "c", CertificateAuthority: "A", Endpoint: "https://e", Method: "GET", Path: "/api" }],
  ["eks:runJob.sync", { ClusterName: "c", CertificateAuthority: "A", Endpoint: "https://e", Job: { kind: "Job" } }],
];

const DATA: readonly DocumentedTask[] = [
  [
    "glue:startJobRun.sync",
    { JobName: "etl", Arguments: { "--day.$": "$.day", "--mode": "full" }, WorkerType: "G.1X" },
  ],
  [
    "athena:startQueryExecution.sync",
    {
      QueryString: 'SELECT * FROM "db"."t" LIMIT 1',
      WorkGroup: "primary",
      QueryExecutionContext: { Database: "db" },
      ResultConfiguration: { OutputLocation: "s3://bucket/athena" },
      "ExecutionParameters.$": "$.parameters",
    },
  ],
  ["athena:getQueryResults", { "QueryExecutionId.$": "$.QueryExecution.QueryExecutionId" }],
  ["databrew:startJobRun.sync", { Name: "sample-proj-job-1" }],
  [
    "elasticmapreduce:createCluster.sync",
    {
      Name: "MyWorkflowCluster",
      VisibleToAllUsers: true,
      ReleaseLabel: "emr-5.28.0",
      Applications: [{ Name: "Hive" }],
      ServiceRole: "EMR_DefaultRole",
      JobFlowRole: "EMR_EC2_DefaultRole",
      LogUri: "s3n://bucket/elasticmapreduce/",
      Instances: {
        KeepJobFlowAliveWhenNoSteps: true,
        InstanceFleets: [
          {
            InstanceFleetType: "MASTER",
            Name: "MASTER",
            TargetOnDemandCapacity: 1,
            InstanceTypeConfigs: [{ InstanceType: "m4.xlarge" }],
          },
        ],
      },
    },
  ],
  [
    "elasticmapreduce:addStep.sync",
    { "ClusterId.$": "$.ClusterId", Step: { Name: "s", HadoopJarStep: { Jar: "command-runner.jar", Args: ["a"] } } },
  ],
  ["elasticmapreduce:terminateCluster.sync", { "ClusterId.$": "$.ClusterId" }],
  ["elasticmapreduce:setClusterTerminationProtection", { "ClusterId.$": "$.ClusterId", TerminationProtected: true }],
  [
    "elasticmapreduce:modifyInstanceFleetByName",
    { ClusterId: "c", InstanceFleetName: "f", InstanceFleet: { TargetOnDemandCapacity: 8, TargetSpotCapacity: 0 } },
  ],
  ["elasticmapreduce:cancelStep", { "ClusterId.$": "$.ClusterId", "StepId.$": "$.StepId" }],
  [
    "emr-containers:createVirtualCluster",
    { Name: "v", ContainerProvider: { Id: "eks", Type: "EKS", Info: { EksInfo: { Namespace: "n" } } } },
  ],
  [
    "emr-containers:startJobRun.sync",
    {
      Name: "j",
      VirtualClusterId: "v",
      ExecutionRoleArn: ROLE,
      ReleaseLabel: "emr-6.2.0-latest",
      JobDriver: { SparkSubmitJobDriver: { EntryPoint: "s3://b/job.py", SparkSubmitParameters: "--conf a=1" } },
    },
  ],
  ["emr-serverless:createApplication.sync", { Name: "a", ReleaseLabel: "emr-6.9.0", Type: "SPARK" }],
  [
    "emr-serverless:startJobRun.sync",
    {
      "ApplicationId.$": "$.id",
      ExecutionRoleArn: ROLE,
      JobDriver: { SparkSubmit: { EntryPoint: "s3://b/job.py", EntryPointArguments: ["1"] } },
    },
  ],
  ["dynamodb:getItem", { TableName: "t", Key: { MessageId: { "S.$": "$.List[0]" } } }],
  [
    "dynamodb:putItem",
    { TableName: "t", Item: { id: { S: "1" }, ok: { BOOL: true }, no: { NULL: true }, n: { N: "1" } } },
  ],
  [
    "dynamodb:updateItem",
    {
      TableName: "t",
      Key: { id: { "S.$": "$.id" } },
      UpdateExpression: "SET step = :step",
      ExpressionAttributeValues: { ":step": { L: [{ M: { a: { SS: ["x"] } } }] } },
    },
  ],
];

const STORAGE = { S3OutputPath: "s3://bucket/out" };
const CLUSTER = { InstanceCount: 1, InstanceType: "ml.m4.xlarge", VolumeSizeInGB: 30 };
const CHANNEL = {
  ChannelName: "train",
  ContentType: "text/csv",
  DataSource: {
    S3DataSource: { S3DataType: "S3Prefix", S3DataDistributionType: "FullyReplicated", "S3Uri.$": "$.train" },
  },
};

const MODELS: readonly DocumentedTask[] = [
  [
    "sagemaker:createTrainingJob.sync",
    {
      "TrainingJobName.$": "$.name",
      RoleArn: ROLE,
      AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: "File" },
      InputDataConfig: [CHANNEL],
      OutputDataConfig: STORAGE,
      ResourceConfig: CLUSTER,
      StoppingCondition: { MaxRuntimeInSeconds: 86_400 },
      HyperParameters: { "eta.$": "$.eta", objective: "reg:logistic" },
    },
  ],
  [
    "sagemaker:createProcessingJob.sync",
    {
      "ProcessingJobName.$": "$.name",
      RoleArn: ROLE,
      AppSpecification: { ImageUri: IMAGE, ContainerEntrypoint: ["python3", "/opt/ml/processing/code/p.py"] },
      ProcessingInputs: [
        {
          InputName: "in",
          S3Input: {
            S3Uri: "s3://bucket/in",
            LocalPath: "/opt/ml/processing/input",
            S3DataType: "S3Prefix",
            S3InputMode: "File",
          },
        },
      ],
      ProcessingOutputConfig: {
        Outputs: [{ OutputName: "o", S3Output: { S3Uri: "s3://bucket/o", LocalPath: "/o", S3UploadMode: "EndOfJob" } }],
      },
      ProcessingResources: { ClusterConfig: CLUSTER },
      StoppingCondition: { MaxRuntimeInSeconds: 1200 },
    },
  ],
  [
    "sagemaker:createTransformJob.sync",
    {
      "TransformJobName.$": "$.name",
      ModelName: "m",
      TransformInput: {
        CompressionType: "None",
        ContentType: "text/csv",
        DataSource: { S3DataSource: { S3DataType: "S3Prefix", S3Uri: "s3://bucket/in" } },
      },
      TransformOutput: STORAGE,
      TransformResources: { InstanceCount: 1, InstanceType: "ml.m4.xlarge" },
    },
  ],
  [
    "sagemaker:createHyperParameterTuningJob.sync",
    {
      HyperParameterTuningJobName: "t",
      HyperParameterTuningJobConfig: {
        Strategy: "Bayesian",
        HyperParameterTuningJobObjective: { Type: "Minimize", MetricName: "validation:error" },
        ResourceLimits: { MaxNumberOfTrainingJobs: 2, MaxParallelTrainingJobs: 2 },
        ParameterRanges: { ContinuousParameterRanges: [{ Name: "eta", MinValue: "0.1", MaxValue: "0.5" }] },
      },
      TrainingJobDefinition: {
        AlgorithmSpecification: { TrainingImage: IMAGE, TrainingInputMode: "File" },
        OutputDataConfig: STORAGE,
        ResourceConfig: CLUSTER,
        RoleArn: ROLE,
        StoppingCondition: { MaxRuntimeInSeconds: 43_200 },
      },
    },
  ],
  ["sagemaker:createModel", { "ModelName.$": "$.name", ExecutionRoleArn: ROLE, PrimaryContainer: { Image: IMAGE } }],
  [
    "sagemaker:createEndpointConfig",
    {
      EndpointConfigName: "e",
      ProductionVariants: [{ VariantName: "v", ModelName: "m", InitialInstanceCount: 1, InstanceType: "ml.m4.xlarge" }],
    },
  ],
  ["sagemaker:createEndpoint", { EndpointName: "e", EndpointConfigName: "e" }],
  ["sagemaker:updateEndpoint", { EndpointName: "e", "EndpointConfigName.$": "$.config" }],
  [
    "bedrock:invokeModel",
    {
      ModelId: "cohere.command-text-v14",
      Body: { "prompt.$": "$.prompt", max_tokens: 20 },
      ContentType: "application/json",
      Accept: "*/*",
    },
  ],
  [
    "bedrock:invokeModel",
    { "ModelId.$": "$.model", Input: { "S3Uri.$": "$.in" }, Output: { S3Uri: "s3://bucket/out" } },
  ],
  [
    "bedrockagentcore:invokeHarness",
    {
      HarnessArn: "h",
      "RuntimeSessionId.$": "$$.Execution.Name",
      Messages: [{ Role: "user", Content: [{ Text: "t" }] }],
    },
  ],
  [
    "bedrock:createModelCustomizationJob.sync",
    {
      BaseModelIdentifier: "amazon.titan-text-express-v1",
      CustomModelName: "c",
      JobName: "j",
      RoleArn: ROLE,
      HyperParameters: { epochCount: "1" },
      OutputDataConfig: { S3Uri: "s3://bucket/out" },
      TrainingDataConfig: { S3Uri: "s3://bucket/train.jsonl" },
    },
  ],
];

const MESSAGES: readonly DocumentedTask[] = [
  [
    "sns:publish",
    {
      TopicArn: "arn:aws:sns:us-east-1:123456789012:t",
      Message: { "Input.$": "$", fixed: [1, 2] },
      MessageAttributes: { "my attribute": { DataType: "String", "StringValue.$": "$.value" } },
    },
  ],
  ["sns:publish.waitForTaskToken", { TopicArn: "t", Message: { "TaskToken.$": "$$.Task.Token" } }],
  ["sqs:sendMessage", { QueueUrl: "q", "MessageBody.$": "$.message", DelaySeconds: 5 }],
  ["sqs:sendMessage.waitForTaskToken", { QueueUrl: "q", MessageBody: { "TaskToken.$": "$$.Task.Token" } }],
  [
    "events:putEvents",
    { Entries: [{ Detail: { "Message.$": "$.m" }, DetailType: "d", EventBusName: "b", Source: "my.source" }] },
  ],
  [
    "events:putEvents.waitForTaskToken",
    { Entries: [{ Detail: { "TaskToken.$": "$$.Task.Token" }, DetailType: "d", Source: "my.source" }] },
  ],
  [
    "states:startExecution",
    {
      StateMachineArn: "arn:aws:states:us-east-1:123456789012:stateMachine:m",
      Input: { Comment: "Hello", "AWS_STEP_FUNCTIONS_STARTED_BY_EXECUTION_ID.$": "$$.Execution.Id" },
      Name: "n",
    },
  ],
  ["states:startExecution.sync", { "StateMachineArn.$": "$.m" }],
  ["states:startExecution.sync:2", { "StateMachineArn.$": "$.m", "Input.$": "$" }],
  ["states:startExecution.waitForTaskToken", { StateMachineArn: "m", Input: { "token.$": "$$.Task.Token" } }],
  [
    "http:invoke",
    {
      ApiEndpoint: "https://api.example.com/v1/customers",
      Method: "POST",
      Authentication: { ConnectionArn: "arn:aws:events:us-east-1:123456789012:connection/c/1" },
      Headers: { "Content-Type": "application/x-www-form-urlencoded" },
      RequestBody: { "name.$": "$.name" },
      Transform: { RequestBodyEncoding: "URL_ENCODED", RequestEncodingOptions: { ArrayFormat: "BRACKETS" } },
    },
  ],
  [
    "apigateway:invoke",
    {
      ApiEndpoint: "a.execute-api.us-east-1.amazonaws.com",
      Method: "GET",
      Stage: "prod",
      Path: "bookings",
      QueryParameters: { "id.$": "States.Array($.id)" },
      AuthType: "IAM_ROLE",
    },
  ],
  ["codebuild:startBuild.sync", { "ProjectName.$": "$.project" }],
  ["codebuild:batchDeleteBuilds", { "Ids.$": "$.Build..Arn" }],
  [
    "mediaconvert:createJob.sync",
    {
      Role: ROLE,
      Settings: {
        Inputs: [{ FileInput: "s3://b/i", AudioSelectors: { "Audio Selector 1": { DefaultSelection: "DEFAULT" } } }],
        OutputGroups: [
          {
            OutputGroupSettings: { Type: "FILE_GROUP_SETTINGS", FileGroupSettings: { Destination: "s3://b/o/" } },
            Outputs: [{ ContainerSettings: { Container: "MP4" }, VideoDescription: { Width: 640 } }],
          },
        ],
      },
    },
  ],
];

const SDK: readonly DocumentedTask[] = [
  ["aws-sdk:s3:listObjectsV2", { Bucket: "b", "Prefix.$": "$.prefix" }],
  ["aws-sdk:s3:copyObject", { Bucket: "b", Key: "k", "CopySource.$": "States.Format('{}/{}', $.bucket, $.key)" }],
  ["aws-sdk:sfn:startSyncExecution", { StateMachineArn: "m", "Input.$": "$" }],
  ["aws-sdk:ec2:describeSnapshots", { Filters: [{ Name: "status", Values: ["completed"] }] }],
  ["aws-sdk:cloudwatchlogs:createLogStream", { LogGroupName: "g", LogStreamName: "s" }],
  ["aws-sdk:secretsmanager:getSecretValue", { SecretId: "s" }],
  [
    "aws-sdk:dynamodb:query",
    {
      TableName: "t",
      KeyConditionExpression: "id = :id",
      ExpressionAttributeValues: { ":id": { "S.$": "$.id" }, ":on": { Bool: true }, ":no": { Nul: true } },
    },
  ],
  [
    "aws-sdk:verifiedpermissions:createPolicy",
    { PolicyStoreId: "p", Definition: { StaticValue: { "Statement.$": "$.policy" } } },
  ],
  ["aws-sdk:rds:describeDBClusters.waitForTaskToken", {}],
];

export const DOCUMENTED: readonly DocumentedTask[] = [...COMPUTE, ...DATA, ...MODELS, ...MESSAGES, ...SDK];

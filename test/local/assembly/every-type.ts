/** A stack with a resource of nearly every type that a home has, for what must hold of them all. */
import { type SampleStack, writeAssembly } from "./sample-assembly.ts";

export interface Variant {
  /** Part of every name that the template gives: another one replaces what has it. */
  name: string;
  /** A description or the like of each resource: another one updates it. */
  text: string;
  /** Without the resources that nothing else refers to. */
  less?: boolean;
}

const ACCOUNT = "000000000000";
const ref = (Ref: string) => ({ Ref });
const arnOf = (logicalId: string) => ({ "Fn::GetAtt": [logicalId, "Arn"] });
const ALL = { Statement: [{ Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" }] };
const TRUST = {
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
};
const CODE = { ZipFile: "exports.handler = async () => 1" };

/** @returns the assembly's folder */
export function everyType(variant: Variant): string {
  const { name } = variant;
  const resources = { ...base(variant), ...(variant.less === true ? {} : leaves(variant)) };
  return writeAssembly({ every: { Resources: resources, Outputs: { Name: { Value: name } } } });
}

/** What others refer to. */
function base({ name, text }: Variant): Record<string, unknown> {
  const DefinitionString = JSON.stringify({ Comment: text, StartAt: "A", States: { A: { Type: "Succeed" } } });
  return {
    Role: resource("AWS::IAM::Role", { RoleName: `${name}-role`, Description: text, AssumeRolePolicyDocument: TRUST }),
    Queue: resource("AWS::SQS::Queue", { QueueName: `${name}-queue`, VisibilityTimeout: text.length * 60 }),
    Topic: resource("AWS::SNS::Topic", { TopicName: `${name}-topic`, DisplayName: text }),
    Function: resource("AWS::Lambda::Function", {
      FunctionName: `${name}-function`,
      Description: text,
      Role: arnOf("Role"),
      Handler: "index.handler",
      Runtime: "nodejs24.x",
      Code: CODE,
    }),
    Machine: resource("AWS::StepFunctions::StateMachine", {
      StateMachineName: `${name}-machine`,
      RoleArn: arnOf("Role"),
      DefinitionString,
    }),
    Bucket: resource("AWS::S3::Bucket", {
      BucketName: `${name}-bucket`,
      Tags: [{ Key: "text", Value: text }],
    }),
    Bus: resource("AWS::Events::EventBus", { Name: `${name}-bus`, Description: text }),
    Database: resource("AWS::Glue::Database", {
      CatalogId: ACCOUNT,
      DatabaseInput: { Name: `${name}_database`, Description: text },
    }),
    Key: resource("AWS::KMS::Key", { Description: text }),
    Connection: resource("AWS::Events::Connection", {
      Name: `${name}-connection`,
      Description: text,
      AuthorizationType: "API_KEY",
      AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: "key", ApiKeyValue: "value" } },
    }),
    Schedules: resource("AWS::Scheduler::ScheduleGroup", {
      Name: `${name}-schedules`,
      Tags: [{ Key: "text", Value: text }],
    }),
    Group: resource("AWS::Logs::LogGroup", { LogGroupName: `/${name}/group`, RetentionInDays: text.length }),
  };
}

/** What nothing refers to. */
function leaves({ name, text }: Variant): Record<string, unknown> {
  const target = { Arn: arnOf("Queue"), RoleArn: arnOf("Role"), Input: JSON.stringify(text) };
  return {
    RolePolicy: resource("AWS::IAM::Policy", { PolicyName: text, PolicyDocument: ALL, Roles: [ref("Role")] }),
    ManagedPolicy: resource("AWS::IAM::ManagedPolicy", {
      ManagedPolicyName: `${name}-managed`,
      PolicyDocument: { Statement: [{ ...ALL.Statement[0], Sid: text }] },
    }),
    QueuePolicy: resource("AWS::SQS::QueuePolicy", { Queues: [ref("Queue")], PolicyDocument: { ...ALL, Id: text } }),
    TopicPolicy: resource("AWS::SNS::TopicPolicy", { Topics: [ref("Topic")], PolicyDocument: { ...ALL, Id: text } }),
    Subscription: resource("AWS::SNS::Subscription", {
      TopicArn: ref("Topic"),
      Protocol: "sqs",
      Endpoint: arnOf("Queue"),
      FilterPolicy: { kind: [text] },
    }),
    Table: resource("AWS::DynamoDB::Table", {
      TableName: `${name}-table`,
      AttributeDefinitions: [{ AttributeName: text, AttributeType: "S" }],
      KeySchema: [{ AttributeName: text, KeyType: "HASH" }],
    }),
    BucketPolicy: resource("AWS::S3::BucketPolicy", {
      Bucket: ref("Bucket"),
      PolicyDocument: {
        Statement: [{ Sid: text, Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" }],
      },
    }),
    Rule: resource("AWS::Events::Rule", {
      Name: `${name}-rule`,
      EventBusName: ref("Bus"),
      EventPattern: { source: [text] },
      Targets: [{ Id: text, Arn: arnOf("Queue") }],
    }),
    Archive: resource("AWS::Events::Archive", {
      ArchiveName: `${name}-archive`,
      SourceArn: arnOf("Bus"),
      Description: text,
    }),
    Destination: resource("AWS::Events::ApiDestination", {
      Name: `${name}-destination`,
      Description: text,
      ConnectionArn: arnOf("Connection"),
      InvocationEndpoint: "http://127.0.0.1:1/",
      HttpMethod: "POST",
    }),
    Schedule: resource("AWS::Scheduler::Schedule", {
      Name: `${name}-schedule`,
      GroupName: ref("Schedules"),
      Description: text,
      ScheduleExpression: "rate(7 days)",
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: target,
    }),
    Permission: resource("AWS::Lambda::Permission", {
      FunctionName: ref("Function"),
      Action: "lambda:InvokeFunction",
      Principal: `${text}.amazonaws.com`,
    }),
    InvokeConfig: resource("AWS::Lambda::EventInvokeConfig", {
      FunctionName: ref("Function"),
      Qualifier: "$LATEST",
      MaximumEventAgeInSeconds: text.length * 60,
    }),
    Mapping: resource("AWS::Lambda::EventSourceMapping", {
      FunctionName: ref("Function"),
      EventSourceArn: arnOf("Queue"),
      Enabled: false,
      BatchSize: text.length,
    }),
    Version: resource("AWS::Lambda::Version", { FunctionName: ref("Function"), Description: text }),
    Alias: resource("AWS::Lambda::Alias", {
      FunctionName: ref("Function"),
      Name: `${name}-alias`,
      FunctionVersion: { "Fn::GetAtt": ["Version", "Version"] },
      Description: text,
    }),
    MachineVersion: resource("AWS::StepFunctions::StateMachineVersion", {
      StateMachineArn: ref("Machine"),
      Description: text,
    }),
    MachineAlias: resource("AWS::StepFunctions::StateMachineAlias", {
      Name: `${name}-alias`,
      Description: text,
      RoutingConfiguration: [{ StateMachineVersionArn: ref("MachineVersion"), Weight: 100 }],
    }),
    Activity: resource("AWS::StepFunctions::Activity", {
      Name: `${name}-activity`,
      Tags: [{ Key: "text", Value: text }],
    }),
    GlueTable: resource("AWS::Glue::Table", {
      CatalogId: ACCOUNT,
      DatabaseName: ref("Database"),
      TableInput: { Name: `${name}_table`, Description: text },
    }),
    Crawler: resource("AWS::Glue::Crawler", {
      Name: `${name}-crawler`,
      Role: arnOf("Role"),
      DatabaseName: ref("Database"),
      Description: text,
      Targets: { S3Targets: [{ Path: "s3://somewhere/" }] },
    }),
    WorkGroup: resource("AWS::Athena::WorkGroup", { Name: `${name}-workgroup`, Description: text }),
    Alarm: resource("AWS::CloudWatch::Alarm", {
      AlarmName: `${name}-alarm`,
      AlarmDescription: text,
      Namespace: "N",
      MetricName: "M",
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanThreshold",
    }),
    Dashboard: resource("AWS::CloudWatch::Dashboard", {
      DashboardName: `${name}-dashboard`,
      DashboardBody: JSON.stringify({ widgets: [], periodOverride: text }),
    }),
    Stream: resource("AWS::Logs::LogStream", { LogGroupName: ref("Group"), LogStreamName: `${name}-stream` }),
    LogPolicy: resource("AWS::Logs::ResourcePolicy", {
      PolicyName: `${name}-policy`,
      PolicyDocument: JSON.stringify({ Version: "2012-10-17", ...ALL, Id: text }),
    }),
    Parameter: resource("AWS::SSM::Parameter", { Name: `/${name}/parameter`, Type: "String", Value: text }),
    KeyAlias: resource("AWS::KMS::Alias", { AliasName: `alias/${name}`, TargetKeyId: ref("Key") }),
    Packages: resource("AWS::SageMaker::ModelPackageGroup", {
      ModelPackageGroupName: `${name}-packages`,
      ModelPackageGroupDescription: text,
    }),
  };
}

function resource(Type: string, Properties: object): NonNullable<SampleStack["Resources"]>[string] {
  return { Type, Properties };
}

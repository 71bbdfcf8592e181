/**
 * AWS managed policies common CDK apps attach, by ARN.
 * Documents: https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
import type { PolicyRecord } from "./role-store.ts";

interface Statement {
  Effect: "Allow";
  Action: string | string[];
  Resource: string | string[];
}

const allow = (actions: string | string[], resources: string | string[] = "*"): Statement => ({
  Effect: "Allow",
  Action: actions,
  Resource: resources,
});

const WRITE_LOGS = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];

const STATEMENTS: Readonly<Record<string, readonly Statement[]>> = {
  AdministratorAccess: [allow("*")],
  "service-role/AWSLambdaBasicExecutionRole": [allow(WRITE_LOGS)],
  "service-role/AWSLambdaSQSQueueExecutionRole": [
    allow(["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", ...WRITE_LOGS]),
  ],
  "service-role/AWSLambdaRole": [allow("lambda:InvokeFunction")],
  "service-role/AWSLambdaDynamoDBExecutionRole": [
    allow([
      "dynamodb:DescribeStream",
      "dynamodb:GetRecords",
      "dynamodb:GetShardIterator",
      "dynamodb:ListStreams",
      ...WRITE_LOGS,
    ]),
  ],
  AWSXRayDaemonWriteAccess: [
    allow([
      "xray:PutTraceSegments",
      "xray:PutTelemetryRecords",
      "xray:GetSamplingRules",
      "xray:GetSamplingTargets",
      "xray:GetSamplingStatisticSummaries",
    ]),
  ],
  AmazonS3ReadOnlyAccess: [
    allow(["s3:Get*", "s3:List*", "s3:Describe*", "s3-object-lambda:Get*", "s3-object-lambda:List*"]),
  ],
  CloudWatchAgentServerPolicy: [
    allow([
      "cloudwatch:PutMetricData",
      "logs:PutLogEvents",
      "logs:PutRetentionPolicy",
      "logs:DescribeLogStreams",
      "logs:DescribeLogGroups",
      "logs:CreateLogStream",
      "logs:CreateLogGroup",
    ]),
    allow("ssm:GetParameter", "arn:aws:ssm:*:*:parameter/AmazonCloudWatch-*"),
  ],
  "service-role/AWSGlueServiceRole": [
    allow([
      "glue:*",
      "s3:GetBucketLocation",
      "s3:ListBucket",
      "s3:ListAllMyBuckets",
      "s3:GetBucketAcl",
      "iam:ListRolePolicies",
      "iam:GetRole",
      "iam:GetRolePolicy",
      "cloudwatch:PutMetricData",
    ]),
    allow(["s3:CreateBucket", "s3:PutBucketPublicAccessBlock"], "arn:aws:s3:::aws-glue-*"),
    allow(
      ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
      ["arn:aws:s3:::aws-glue-*/*", "arn:aws:s3:::*/*aws-glue-*/*"],
    ),
    allow("s3:GetObject", ["arn:aws:s3:::crawler-public*", "arn:aws:s3:::aws-glue-*"]),
    allow(WRITE_LOGS, "arn:aws:logs:*:*:*:/aws-glue/*"),
  ],
};

const PREFIX = "arn:aws:iam::aws:policy/";

/** The embedded policy, or undefined. */
export function awsManagedPolicy(arn: string): PolicyRecord | undefined {
  const pathAndName = arn.startsWith(PREFIX) ? arn.slice(PREFIX.length) : "";
  if (!Object.hasOwn(STATEMENTS, pathAndName)) return undefined;
  const slash = pathAndName.lastIndexOf("/");
  return {
    arn,
    name: pathAndName.slice(slash + 1),
    path: `/${pathAndName.slice(0, slash + 1)}`,
    id: `ANPA${Buffer.from(pathAndName).toString("hex").toUpperCase().slice(0, 17)}`,
    document: JSON.stringify({ Version: "2012-10-17", Statement: STATEMENTS[pathAndName] }),
    description: "",
    createdMs: 0,
  };
}

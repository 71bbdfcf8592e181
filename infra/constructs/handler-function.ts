/** A Lambda function of one bundled handler, with its own log group and role. */
import { join } from "node:path";
import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import { Construct } from "constructs";
import type { Arns } from "../arns.ts";
import { functionName } from "../names.ts";
import type { FunctionSpec } from "../permissions/functions.ts";
import { BECAUSE } from "../permissions/reasons.ts";
import { type Permission, ServiceRole } from "./service-role.ts";

export type HandlerFunctionProps = Readonly<{
  /** The handler's folder name. */
  handler: string;
  spec: FunctionSpec;
  arns: Arns;
  /** Folder of the bundles, one folder a handler. */
  bundles: string;
  /** Where an event goes that the function failed on for good; for functions that events invoke. */
  failures?: IQueue;
}>;

export class HandlerFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, { handler, spec, arns, bundles, failures }: HandlerFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, "Logs", {
      logGroupName: `/aws/lambda/${functionName(handler)}`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new ServiceRole(this, "Access", {
      service: "lambda.amazonaws.com",
      description: `Function ${functionName(handler)}`,
      permissions: [
        ...spec.permissions,
        ...(failures === undefined ? [] : [{ actions: ["sqs:SendMessage"], resources: [failures.queueArn] }]),
        ...runtimePermissions(handler, arns),
      ],
    });
    this.function = new LambdaFunction(this, "Function", {
      functionName: functionName(handler),
      description: spec.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: `${handler}/index.handler`,
      code: Code.fromAsset(join(bundles, handler)),
      memorySize: spec.memoryMb,
      timeout: Duration.seconds(spec.timeoutSeconds),
      environment: {
        POWERTOOLS_SERVICE_NAME: handler,
        POWERTOOLS_METRICS_NAMESPACE: "tidemill",
        ...spec.environment,
      },
      tracing: Tracing.ACTIVE,
      role: role.sealed,
      logGroup,
      ...(failures === undefined ? {} : { deadLetterQueue: failures, retryAttempts: 2 }),
    });
  }
}

function runtimePermissions(handler: string, arns: Arns): Permission[] {
  return [
    {
      actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
      resources: [arns.logStreams(`/aws/lambda/${functionName(handler)}`)],
      wildcard: BECAUSE.logStreams,
    },
    TRACING,
  ];
}

/** X-Ray takes traces of the whole account. */
export const TRACING: Permission = {
  actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
  resources: ["*"],
  wildcard: BECAUSE.noResourceLevel,
};

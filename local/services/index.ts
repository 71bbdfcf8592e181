/** The services of the home, in the order they start: what others emit to or read from comes first. */
import type { ServiceDefinition } from "../define-service.ts";
import { athena } from "./athena/index.ts";
import { cloudformation } from "./cloudformation/index.ts";
import { cloudwatch } from "./cloudwatch/index.ts";
import { dynamodb } from "./dynamodb/index.ts";
import { events } from "./events/index.ts";
import { glue } from "./glue/index.ts";
import { iam } from "./iam/index.ts";
import { kms } from "./kms/index.ts";
import { lambda } from "./lambda/index.ts";
import { logs } from "./logs/index.ts";
import { s3 } from "./s3/index.ts";
import { sagemaker } from "./sagemaker/index.ts";
import { sagemakerRuntime } from "./sagemaker-runtime/index.ts";
import { scheduler } from "./scheduler/index.ts";
import { sns } from "./sns/index.ts";
import { sqs } from "./sqs/index.ts";
import { ssm } from "./ssm/index.ts";
import { states } from "./states/index.ts";
import { sts } from "./sts/index.ts";

export const services: readonly ServiceDefinition[] = [
  iam,
  sts,
  cloudformation,
  ssm,
  kms,
  logs,
  cloudwatch,
  s3,
  dynamodb,
  sqs,
  sns,
  events,
  lambda,
  glue,
  athena,
  sagemaker,
  sagemakerRuntime,
  states,
  scheduler,
];

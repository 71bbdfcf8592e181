/** CreateTransformJob, DescribeTransformJob, ListTransformJobs, StopTransformJob. */
import type { CreateTransformJobRequest, DescribeTransformJobResponse } from "@aws-sdk/client-sagemaker";
import type { Operations } from "../../define-service.ts";
import { addTags, arnOf, type Context, now } from "./context.ts";
import { required, requiredName, resourceInUse, validation } from "./errors.ts";
import { modelToServe } from "./models.ts";
import { page } from "./page.ts";
import type { TransformRunner } from "./transform-runner.ts";
import { transformData } from "./transform-work.ts";

type Sdk = typeof import("@aws-sdk/client-sagemaker");
type Built = "CreateTransformJob" | "DescribeTransformJob" | "ListTransformJobs" | "StopTransformJob";

const KIND = "transform-job";
const MOST_PAYLOAD_MB = 100;

export function transformJobOperations(context: Context, runner: TransformRunner): Pick<Operations<Sdk>, Built> {
  const { records, tags } = context;
  const onJob = ({ TransformJobName = "*" }: { TransformJobName?: string | undefined }) => ({
    resource: arnOf(context, KIND, TransformJobName),
  });
  const described = (name: string) => {
    const record = records.find<DescribeTransformJobResponse>(KIND, name);
    if (record === undefined) throw validation(`Could not find requested job with name: ${name}`);
    return record.document;
  };
  return {
    CreateTransformJob: {
      authorize: (input) => [onJob(input), ...addTags(input.Tags, onJob(input).resource)],
      handle(input) {
        const name = requiredName(input.TransformJobName, "transformJobName");
        const arn = arnOf(context, KIND, name);
        const document = checked(input);
        if (records.find(KIND, name))
          throw resourceInUse(
            `Job name must be unique within an AWS account and region, and a job with this name already exists (${arn})`,
          );
        const model = modelToServe(context, required(input.ModelName, "modelName"));
        tags.add(arn, input.Tags);
        const created = {
          ...document,
          TransformJobArn: arn,
          TransformJobStatus: "InProgress" as const,
          CreationTime: now(context),
        };
        runner.accept(name, created, model);
        return { TransformJobArn: arn };
      },
    },
    DescribeTransformJob: {
      authorize: onJob,
      handle: ({ TransformJobName }) => described(requiredName(TransformJobName, "transformJobName")),
    },
    StopTransformJob: {
      authorize: onJob,
      handle({ TransformJobName }) {
        const name = requiredName(TransformJobName, "transformJobName");
        const status = described(name).TransformJobStatus;
        if (status !== "InProgress" && status !== "Stopping")
          throw validation(`The request was rejected because the transform job is in status ${status}.`);
        if (status === "InProgress") runner.stop(name);
        return {};
      },
    },
    ListTransformJobs: {
      handle(input) {
        const jobs = records
          .list<DescribeTransformJobResponse>(KIND)
          .map(({ name, document }) => ({
            name,
            document,
            createdAt: document.CreationTime ?? new Date(0),
            modifiedAt: document.TransformEndTime ?? document.CreationTime,
            status: document.TransformJobStatus,
          }))
          .filter(({ status }) => input.StatusEquals === undefined || status === input.StatusEquals);
        const { items, ...rest } = page(jobs, input);
        return { TransformJobSummaries: items.map(({ document }) => summary(document)), ...rest };
      },
    },
  };
}

/** The request, with what may be left out. @throws ValidationException */
function checked(input: CreateTransformJobRequest) {
  const { Tags: _tags, TransformJobName, ModelName, ...rest } = input;
  const TransformInput = required(input.TransformInput, "transformInput");
  const TransformOutput = required(input.TransformOutput, "transformOutput");
  const TransformResources = required(input.TransformResources, "transformResources");
  const source = required(TransformInput.DataSource?.S3DataSource, "transformInput.dataSource.s3DataSource");
  required(source.S3Uri, "transformInput.dataSource.s3DataSource.s3Uri");
  required(TransformOutput.S3OutputPath, "transformOutput.s3OutputPath");
  const { SplitType = "None" } = TransformInput;
  if (SplitType !== "None" && SplitType !== "Line")
    throw validation(`SplitType ${SplitType} is not built in the embedded home; use Line or None`);
  const { MaxPayloadInMB = 6, MaxConcurrentTransforms = 1 } = input;
  if (MaxPayloadInMB * MaxConcurrentTransforms > MOST_PAYLOAD_MB || MaxPayloadInMB < 0)
    throw validation(
      `MaxConcurrentTransforms * MaxPayloadInMB must be at most ${MOST_PAYLOAD_MB}, found ${MaxConcurrentTransforms} * ${MaxPayloadInMB}.`,
    );
  transformData(input, TransformOutput.Accept);
  return {
    ...rest,
    TransformJobName,
    ModelName,
    TransformInput: { CompressionType: "None" as const, SplitType, ...TransformInput },
    TransformOutput: { AssembleWith: "None" as const, KmsKeyId: "", ...TransformOutput },
    TransformResources,
    DataProcessing: { InputFilter: "$", OutputFilter: "$", JoinSource: "None" as const, ...input.DataProcessing },
  };
}

function summary(job: DescribeTransformJobResponse) {
  const { TransformJobName, TransformJobArn, CreationTime, TransformEndTime, TransformJobStatus, FailureReason } = job;
  return {
    TransformJobName,
    TransformJobArn,
    CreationTime,
    LastModifiedTime: TransformEndTime ?? CreationTime,
    TransformJobStatus,
    ...(TransformEndTime && { TransformEndTime }),
    ...(FailureReason && { FailureReason }),
  };
}

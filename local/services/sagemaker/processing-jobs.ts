/** CreateProcessingJob, DescribeProcessingJob, ListProcessingJobs, StopProcessingJob. */
import type { DescribeProcessingJobResponse } from "@aws-sdk/client-sagemaker";
import type { Operations } from "../../define-service.ts";
import { addTags, arnOf, assumable, type Context, now, passRole } from "./context.ts";
import { required, requiredName, resourceInUse, validation } from "./errors.ts";
import type { JobRunner } from "./job-runner.ts";
import { page } from "./page.ts";

type Sdk = typeof import("@aws-sdk/client-sagemaker");
type Built = "CreateProcessingJob" | "DescribeProcessingJob" | "ListProcessingJobs" | "StopProcessingJob";

const KIND = "processing-job";

export function processingJobOperations(
  context: Context,
  runner: JobRunner<DescribeProcessingJobResponse>,
): Pick<Operations<Sdk>, Built> {
  const { records, tags } = context;
  const onJob = ({ ProcessingJobName = "*" }: { ProcessingJobName?: string | undefined }) => ({
    resource: arnOf(context, KIND, ProcessingJobName),
  });
  const described = (name: string) => {
    const record = records.find<DescribeProcessingJobResponse>(KIND, name);
    if (record === undefined) throw validation(`Could not find requested job with name: ${name}`);
    return record.document;
  };
  return {
    CreateProcessingJob: {
      authorize: (input) => [onJob(input), passRole(input.RoleArn), ...addTags(input.Tags, onJob(input).resource)],
      handle(input) {
        const name = requiredName(input.ProcessingJobName, "processingJobName");
        const RoleArn = required(input.RoleArn, "roleArn");
        const AppSpecification = required(input.AppSpecification, "appSpecification");
        const ProcessingResources = required(input.ProcessingResources, "processingResources");
        required(AppSpecification.ImageUri, "appSpecification.imageUri");
        const arn = arnOf(context, KIND, name);
        if (records.find(KIND, name)) {
          throw resourceInUse(
            `Job name must be unique within an AWS account and region, and a job with this name already exists (${arn})`,
          );
        }
        assumable(context, RoleArn);
        const { Tags, ...request } = input;
        tags.add(arn, Tags);
        const at = now(context);
        runner.accept(name, {
          ...request,
          ProcessingJobName: name,
          ProcessingJobArn: arn,
          RoleArn,
          AppSpecification,
          ProcessingResources,
          ProcessingJobStatus: "InProgress",
          CreationTime: at,
          LastModifiedTime: at,
        });
        return { ProcessingJobArn: arn };
      },
    },
    DescribeProcessingJob: {
      authorize: onJob,
      handle: ({ ProcessingJobName }) => described(requiredName(ProcessingJobName, "processingJobName")),
    },
    StopProcessingJob: {
      authorize: onJob,
      handle({ ProcessingJobName }) {
        const name = requiredName(ProcessingJobName, "processingJobName");
        const status = described(name).ProcessingJobStatus;
        if (status !== "InProgress" && status !== "Stopping") {
          throw validation(`The request was rejected because the processing job is in status ${status}.`);
        }
        runner.stop(name);
        return {};
      },
    },
    ListProcessingJobs: {
      handle(input) {
        const jobs = records
          .list<DescribeProcessingJobResponse>(KIND)
          .map(({ name, document }) => ({
            name,
            document,
            createdAt: document.CreationTime ?? new Date(0),
            modifiedAt: document.LastModifiedTime,
            status: document.ProcessingJobStatus,
          }))
          .filter(({ document }) => !input.StatusEquals || document.ProcessingJobStatus === input.StatusEquals);
        const { items, ...rest } = page(jobs, input);
        return { ProcessingJobSummaries: items.map(({ document }) => summary(document)), ...rest };
      },
    },
  };
}

function summary(job: DescribeProcessingJobResponse) {
  const { ProcessingJobName, ProcessingJobArn, CreationTime, ProcessingEndTime, LastModifiedTime } = job;
  const { ProcessingJobStatus, FailureReason, ExitMessage } = job;
  return {
    ProcessingJobName,
    ProcessingJobArn,
    CreationTime,
    LastModifiedTime,
    ProcessingJobStatus,
    ...(ProcessingEndTime && { ProcessingEndTime }),
    ...(FailureReason && { FailureReason }),
    ...(ExitMessage && { ExitMessage }),
  };
}

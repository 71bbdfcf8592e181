/** CreateTrainingJob, DescribeTrainingJob, ListTrainingJobs, StopTrainingJob. */
import type {
  AlgorithmSpecification,
  CreateTrainingJobRequest,
  DescribeTrainingJobResponse,
  StoppingCondition,
} from "@aws-sdk/client-sagemaker";
import type { Operations } from "../../define-service.ts";
import { hasProgram, isXgboostImage, xgboostMetrics } from "../../runtime/jobs/index.ts";
import { addTags, arnOf, assumable, type Context, now, passRole } from "./context.ts";
import { required, requiredName, resourceInUse, validation } from "./errors.ts";
import type { JobRunner } from "./job-runner.ts";
import { page } from "./page.ts";
import { checkChannels } from "./training-channels.ts";

type Sdk = typeof import("@aws-sdk/client-sagemaker");
type Built = "CreateTrainingJob" | "DescribeTrainingJob" | "ListTrainingJobs" | "StopTrainingJob";

const KIND = "training-job";
/** A day, where a job does not say. */
const DEFAULT_RUNTIME = 86_400;

export function trainingJobOperations(
  context: Context,
  runner: JobRunner<DescribeTrainingJobResponse>,
): Pick<Operations<Sdk>, Built> {
  const { records, tags } = context;
  const onJob = ({ TrainingJobName = "*" }: { TrainingJobName?: string | undefined }) => ({
    resource: arnOf(context, KIND, TrainingJobName),
  });
  const described = (name: string) => {
    const record = records.find<DescribeTrainingJobResponse>(KIND, name);
    if (record === undefined) throw validation("Requested resource not found.");
    return record.document;
  };
  return {
    CreateTrainingJob: {
      authorize: (input) => [onJob(input), passRole(input.RoleArn), ...addTags(input.Tags, onJob(input).resource)],
      handle(input) {
        const name = requiredName(input.TrainingJobName, "trainingJobName");
        const RoleArn = required(input.RoleArn, "roleArn");
        const AlgorithmSpecification = required(input.AlgorithmSpecification, "algorithmSpecification");
        const OutputDataConfig = required(input.OutputDataConfig, "outputDataConfig");
        required(OutputDataConfig.S3OutputPath, "outputDataConfig.s3OutputPath");
        required(input.ResourceConfig, "resourceConfig");
        const StoppingCondition = required(input.StoppingCondition, "stoppingCondition");
        checkChannels(input.InputDataConfig ?? [], AlgorithmSpecification.TrainingInputMode);
        checkSpot(input.EnableManagedSpotTraining ?? false, StoppingCondition);
        checkRegexes(AlgorithmSpecification.MetricDefinitions ?? []);
        const arn = arnOf(context, KIND, name);
        if (records.find(KIND, name)) {
          throw resourceInUse(
            `Training job names must be unique within an AWS account and region, and a training job with this name already exists (${arn})`,
          );
        }
        assumable(context, RoleArn);
        const { Tags, ...request } = input;
        tags.add(arn, Tags);
        const at = now(context);
        const starting = {
          Status: "Starting" as const,
          StartTime: at,
          StatusMessage: "Launching requested ML instances",
        };
        runner.accept(name, {
          ...request,
          TrainingJobName: name,
          TrainingJobArn: arn,
          RoleArn,
          AlgorithmSpecification: withMetrics(input, AlgorithmSpecification),
          OutputDataConfig,
          StoppingCondition,
          ModelArtifacts: undefined,
          TrainingJobStatus: "InProgress",
          SecondaryStatus: "Starting",
          SecondaryStatusTransitions: [starting],
          CreationTime: at,
          LastModifiedTime: at,
        });
        return { TrainingJobArn: arn };
      },
    },
    DescribeTrainingJob: {
      authorize: onJob,
      handle: ({ TrainingJobName }) => withDefaults(described(requiredName(TrainingJobName, "trainingJobName"))),
    },
    StopTrainingJob: {
      authorize: onJob,
      handle({ TrainingJobName }) {
        const name = requiredName(TrainingJobName, "trainingJobName");
        const status = described(name).TrainingJobStatus;
        if (status !== "InProgress" && status !== "Stopping") {
          throw validation(`The request was rejected because the training job is in status ${status}.`);
        }
        runner.stop(name);
        return {};
      },
    },
    ListTrainingJobs: {
      handle(input) {
        const jobs = records.list<DescribeTrainingJobResponse>(KIND).map(({ name, document }) => ({
          name,
          document,
          createdAt: document.CreationTime ?? new Date(0),
          modifiedAt: document.LastModifiedTime,
          status: document.TrainingJobStatus,
        }));
        const { StatusEquals } = input;
        const ofStatus = ({ status }: { status?: string | undefined }) =>
          StatusEquals === undefined || status === StatusEquals;
        // With both, the page is taken first: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_ListTrainingJobs.html
        const pageFirst = input.MaxResults !== undefined;
        const { items, ...rest } = page(pageFirst ? jobs : jobs.filter(ofStatus), input);
        return { TrainingJobSummaries: items.filter(ofStatus).map(({ document }) => summary(document)), ...rest };
      },
    },
  };
}

/** With the metrics of the built-in algorithm, where the job runs that. */
function withMetrics(job: CreateTrainingJobRequest, algorithm: AlgorithmSpecification): AlgorithmSpecification {
  const { HyperParameters: hyperparameters = {}, Environment: environment = {} } = job;
  const isOwn = algorithm.ContainerEntrypoint !== undefined || hasProgram({ hyperparameters, environment });
  if (isOwn || !isXgboostImage(algorithm.TrainingImage ?? "")) return algorithm;
  return {
    ...algorithm,
    MetricDefinitions: [...xgboostMetrics(hyperparameters.eval_metric), ...(algorithm.MetricDefinitions ?? [])],
  };
}

/** What SageMaker says of settings nobody gave; the SageMaker Python SDK reads KmsKeyId without asking whether it is there. */
function withDefaults(job: DescribeTrainingJobResponse): DescribeTrainingJobResponse {
  const { InputDataConfig, OutputDataConfig } = job;
  return {
    EnableNetworkIsolation: false,
    EnableInterContainerTrafficEncryption: false,
    EnableManagedSpotTraining: false,
    ...job,
    ...(InputDataConfig && {
      InputDataConfig: InputDataConfig.map((channel) => ({
        CompressionType: "None",
        RecordWrapperType: "None",
        ...channel,
      })),
    }),
    ...(OutputDataConfig && { OutputDataConfig: { KmsKeyId: "", ...OutputDataConfig } }),
  };
}

function summary(job: DescribeTrainingJobResponse) {
  const { TrainingJobName, TrainingJobArn, CreationTime, TrainingEndTime, LastModifiedTime } = job;
  const { TrainingJobStatus, SecondaryStatus } = job;
  return {
    TrainingJobName,
    TrainingJobArn,
    CreationTime,
    LastModifiedTime,
    TrainingJobStatus,
    SecondaryStatus,
    ...(TrainingEndTime && { TrainingEndTime }),
  };
}

/** A Spot job's time to wait counts its time to run. */
function checkSpot(spot: boolean, { MaxRuntimeInSeconds = DEFAULT_RUNTIME, MaxWaitTimeInSeconds }: StoppingCondition) {
  if (!spot && MaxWaitTimeInSeconds !== undefined)
    throw validation(
      "Invalid MaxWaitTimeInSeconds. It is only supported when EnableManagedSpotTraining is set to true",
    );
  if (spot && (MaxWaitTimeInSeconds === undefined || MaxWaitTimeInSeconds < MaxRuntimeInSeconds))
    throw validation(
      "Invalid MaxWaitTimeInSeconds. It must be present and be greater than or equal to MaxRuntimeInSeconds",
    );
}

function checkRegexes(definitions: readonly { Name?: string | undefined; Regex?: string | undefined }[]): void {
  for (const { Name, Regex = "" } of definitions) {
    try {
      new RegExp(Regex);
    } catch {
      throw validation(`The regular expression ${Regex} of metric ${Name} is not valid.`);
    }
  }
}

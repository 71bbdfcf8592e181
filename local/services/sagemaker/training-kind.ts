/** Training jobs: channels, script mode's source, artifacts, metrics, end and events. */
import { join } from "node:path";
import type { DescribeTrainingJobResponse, SecondaryStatus } from "@aws-sdk/client-sagemaker";
import {
  baseRequirements,
  type FinalMetric,
  finalMetrics,
  hostPath,
  lastLine,
  outputText,
  prepareTraining,
  sourceRequirements,
  withPipes,
} from "../../runtime/jobs/index.ts";
import type { Context } from "./context.ts";
import { JobFailure } from "./job-failure.ts";
import type { JobKind, JobPlace, Outcome } from "./job-kind.ts";
import { uploadFolder, uploadPacked } from "./job-outputs.ts";
import { s3Transfer } from "./s3-transfer.ts";
import { sideBySide } from "./side-by-side.ts";
import { eventDetail } from "./state-events.ts";
import { layChannels } from "./training-channels.ts";

export type TrainingDocument = DescribeTrainingJobResponse;

const DEFAULT_MAX_RUNTIME_SECONDS = 86_400;
const OVER: ReadonlySet<string> = new Set(["Completed", "Failed", "Stopped"]);
const MESSAGES: Partial<Record<SecondaryStatus, string>> = {
  Starting: "Launching requested ML instances",
  Training: "Training image download completed. Training in progress.",
  Uploading: "Uploading generated training model",
  Completed: "Training job completed",
  Stopping: "Stopping the training job",
  Stopped: "Training job stopped",
  MaxRuntimeExceeded: "Training job runtime exceeded MaxRuntimeInSeconds provided",
  Failed: "Training job failed",
};

export function trainingKind(context: Context): JobKind<TrainingDocument> {
  return {
    kind: "training-job",
    isOver: ({ TrainingJobStatus = "" }) => OVER.has(TrainingJobStatus),
    facts: (document) => ({
      name: document.TrainingJobName ?? "",
      arn: document.TrainingJobArn ?? "",
      roleArn: document.RoleArn ?? "",
      image: document.AlgorithmSpecification?.TrainingImage ?? "",
      logGroup: "/aws/sagemaker/TrainingJobs",
      logStream: `${document.TrainingJobName}/algo-1-${Math.floor((document.CreationTime?.getTime() ?? 0) / 1000)}`,
      maxRuntimeSeconds: document.StoppingCondition?.MaxRuntimeInSeconds ?? DEFAULT_MAX_RUNTIME_SECONDS,
    }),
    prepare: (document, place) => prepare(context, document, place),
    entered(document, state, at) {
      if (state === "running") return withStatus({ ...document, TrainingStartTime: at }, "Training", at);
      if (state === "finishing") return withStatus(document, "Uploading", at);
      return withStatus({ ...document, TrainingJobStatus: "Stopping" }, "Stopping", at);
    },
    collect: (document, place, outcome) => collect(context, document, place, outcome),
    ended(document, _place, outcome, at) {
      const timedOut = outcome.status === "Stopped" && outcome.timedOut;
      const status = withStatus(document, timedOut ? "MaxRuntimeExceeded" : outcome.status, at);
      const seconds = Math.ceil((at.getTime() - (document.TrainingStartTime ?? at).getTime()) / 1000);
      return {
        ...status,
        TrainingJobStatus: outcome.status,
        TrainingEndTime: at,
        TrainingTimeInSeconds: seconds,
        BillableTimeInSeconds: seconds,
        ...("reason" in outcome && outcome.reason !== undefined && { FailureReason: outcome.reason }),
      };
    },
    exitReason(_document, { root, logFile }, code) {
      const told = outputText(root, "failure");
      const message = told ?? `ExecuteUserScriptError: ExitCode ${code} ErrorMessage "${lastLine(logFile)}"`;
      return `AlgorithmError: ${message}, exit code: ${code}`.slice(0, 1024);
    },
    announce(document) {
      const arn = document.TrainingJobArn ?? "";
      context.home.emit({
        source: "aws.sagemaker",
        "detail-type": "SageMaker Training Job State Change",
        resources: [arn],
        detail: eventDetail(document, {
          Tags: Object.fromEntries(context.tags.of(arn).map((tag) => [tag.Key, tag.Value])),
        }),
      });
    },
  };
}

async function prepare(context: Context, document: TrainingDocument, place: JobPlace) {
  const transfer = s3Transfer(context.home, place.principal);
  const algorithm = document.AlgorithmSpecification;
  const inputs = document.InputDataConfig ?? [];
  const { configuration, piped } = await layChannels(transfer, inputs, algorithm?.TrainingInputMode, place.root);
  const checkpoint = document.CheckpointConfig?.S3Uri;
  if (checkpoint) await transfer.download(checkpoint, checkpointFolder(document, place)).catch(ignoreNothingThere);
  const submitted = unquoted(document.HyperParameters?.sagemaker_submit_directory);
  const archive = submitted?.startsWith("s3://") ? join(place.root, "sourcedir.tar.gz") : undefined;
  if (archive !== undefined && submitted !== undefined) await transfer.downloadFile(submitted, archive);
  const training = {
    jobName: document.TrainingJobName ?? "",
    image: algorithm?.TrainingImage ?? "",
    hyperparameters: document.HyperParameters ?? {},
    channels: configuration,
    environment: {
      ...document.Environment,
      TRAINING_JOB_NAME: document.TrainingJobName ?? "",
      TRAINING_JOB_ARN: document.TrainingJobArn ?? "",
    },
    checkpoints: document.CheckpointConfig,
    instanceType: document.ResourceConfig?.InstanceType ?? "",
    entrypoint: algorithm?.ContainerEntrypoint ?? [],
    arguments: algorithm?.ContainerArguments ?? [],
  };
  const container = withPipes(await prepareTraining(place.root, training, archive), piped);
  return { container, requirements: sourceRequirements(place.root, () => baseRequirements(training.image)) };
}

async function collect(context: Context, document: TrainingDocument, place: JobPlace, outcome: Outcome) {
  const checkpoint = document.CheckpointConfig?.S3Uri;
  if (checkpoint) await uploadFolder(context, place, checkpointFolder(document, place), checkpoint);
  const metrics = await finalMetrics(place.logFile, metricDefinitions(document));
  await publishMetrics(context, document, metrics);
  const measured = { ...document, ...(metrics.length > 0 && { FinalMetricDataList: metrics }) };
  const base = `${document.OutputDataConfig?.S3OutputPath?.replace(/\/$/, "")}/${document.TrainingJobName}/output`;
  // A job that was stopped early may have no model yet; one that completed has at least an empty archive.
  const model = { folder: "model", uri: `${base}/model.tar.gz`, evenEmpty: outcome.status === "Completed" };
  const output = { folder: "output/data", uri: `${base}/output.tar.gz`, evenEmpty: false };
  const kept = new Set<string>();
  await sideBySide(outcome.status === "Failed" ? [output] : [output, model], async ({ folder, uri, evenEmpty }) => {
    if (await uploadPacked(context, place, join(place.root, folder), uri, evenEmpty)) kept.add(uri);
  });
  return { ...measured, ...(kept.has(model.uri) && { ModelArtifacts: { S3ModelArtifacts: model.uri } }) };
}

/** The last value of each, under the names SageMaker gives a job's metrics in CloudWatch. */
async function publishMetrics({ home }: Context, { TrainingJobName }: TrainingDocument, metrics: FinalMetric[]) {
  if (metrics.length === 0) return;
  const Dimensions = [{ Name: "TrainingJobName", Value: TrainingJobName }];
  const MetricData = metrics.map((metric) => ({ ...metric, Dimensions }));
  const request = { Namespace: "/aws/sagemaker/TrainingJobs", MetricData };
  await home
    .call("cloudwatch", "PutMetricData", request, { kind: "home", accountId: home.accountId })
    .catch((thrown: unknown) =>
      home.log("warn", `metrics of ${TrainingJobName} are not in CloudWatch: ${String(thrown)}`),
    );
}

function withStatus(document: TrainingDocument, status: SecondaryStatus, at: Date): TrainingDocument {
  const transitions = (document.SecondaryStatusTransitions ?? []).map((transition) =>
    transition.EndTime === undefined ? { ...transition, EndTime: at } : transition,
  );
  const entered = { Status: status, StartTime: at, StatusMessage: MESSAGES[status] ?? status };
  return {
    ...document,
    SecondaryStatus: status,
    LastModifiedTime: at,
    SecondaryStatusTransitions: [...transitions, entered],
  };
}

function metricDefinitions(document: TrainingDocument): { Name: string; Regex: string }[] {
  return (document.AlgorithmSpecification?.MetricDefinitions ?? []).flatMap(({ Name, Regex }) =>
    Name !== undefined && Regex !== undefined ? [{ Name, Regex }] : [],
  );
}

function checkpointFolder(document: TrainingDocument, { root }: JobPlace): string {
  return hostPath(root, document.CheckpointConfig?.LocalPath ?? "/opt/ml/checkpoints");
}

function ignoreNothingThere(thrown: unknown): void {
  if (!(thrown instanceof JobFailure)) throw thrown;
}

/** SageMaker's Python SDK writes hyperparameters as JSON, so a string comes in quotes. */
function unquoted(text: string | undefined): string | undefined {
  return text?.replace(/^"(.*)"$/, "$1");
}

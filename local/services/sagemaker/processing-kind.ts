/** Processing jobs: their inputs, outputs, end and events. */
import { rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { DescribeProcessingJobResponse, ProcessingInput } from "@aws-sdk/client-sagemaker";
import {
  hostPath,
  lastLine,
  outputText,
  prepareProcessing,
  requirementsBeside,
  unpackArchive,
} from "../../runtime/jobs/index.ts";
import { queryDataset } from "./athena-dataset.ts";
import type { Context } from "./context.ts";
import { JobFailure } from "./job-failure.ts";
import type { JobKind, JobPlace } from "./job-kind.ts";
import { uploadFolder } from "./job-outputs.ts";
import { s3Transfer } from "./s3-transfer.ts";
import { sideBySide } from "./side-by-side.ts";
import { eventDetail } from "./state-events.ts";

export type ProcessingDocument = DescribeProcessingJobResponse;

const DEFAULT_MAX_RUNTIME_SECONDS = 86_400;
const OVER: ReadonlySet<string> = new Set(["Completed", "Failed", "Stopped"]);

export function processingKind(context: Context): JobKind<ProcessingDocument> {
  return {
    kind: "processing-job",
    isOver: ({ ProcessingJobStatus = "" }) => OVER.has(ProcessingJobStatus),
    facts: (document) => ({
      name: document.ProcessingJobName ?? "",
      arn: document.ProcessingJobArn ?? "",
      roleArn: document.RoleArn ?? "",
      image: document.AppSpecification?.ImageUri ?? "",
      logGroup: "/aws/sagemaker/ProcessingJobs",
      logStream: `${document.ProcessingJobName}/algo-1-${Math.floor((document.CreationTime?.getTime() ?? 0) / 1000)}`,
      maxRuntimeSeconds: document.StoppingCondition?.MaxRuntimeInSeconds ?? DEFAULT_MAX_RUNTIME_SECONDS,
    }),
    async prepare(document, place) {
      await layInputs(context, place, document.ProcessingInputs ?? []);
      const { ContainerEntrypoint = [], ContainerArguments = [] } = document.AppSpecification ?? {};
      if (ContainerEntrypoint.length === 0) {
        throw new JobFailure(
          "ClientError",
          "AppSpecification has no ContainerEntrypoint; name the command, such as python3 and the script's path",
        );
      }
      const container = prepareProcessing(place.root, {
        configuration: document,
        entrypoint: ContainerEntrypoint,
        arguments: ContainerArguments,
        environment: document.Environment ?? {},
        instanceType: document.ProcessingResources?.ClusterConfig?.InstanceType ?? "",
        outputPaths: outputsOf(document).map(({ localPath }) => localPath),
      });
      return { container, requirements: requirementsBeside(place.root, container.command) };
    },
    entered: (document, state, at) => ({
      ...document,
      LastModifiedTime: at,
      ...(state === "running" && { ProcessingStartTime: document.ProcessingStartTime ?? at }),
      ...(state === "stopping" && { ProcessingJobStatus: "Stopping" as const }),
    }),
    async collect(document, place, outcome) {
      if (outcome.status === "Failed") return document;
      await sideBySide(outputsOf(document), ({ localPath, uri }) =>
        uploadFolder(context, place, hostPath(place.root, localPath), uri),
      );
      return document;
    },
    ended(document, place, outcome, at) {
      const message = outputText(place.root, "message");
      const reason = "reason" in outcome ? outcome.reason : undefined;
      return {
        ...document,
        ProcessingJobStatus: outcome.status,
        LastModifiedTime: at,
        ProcessingEndTime: at,
        ...(message !== undefined && { ExitMessage: message }),
        ...(reason !== undefined && { FailureReason: reason }),
      };
    },
    exitReason: (_document, { logFile }, code) =>
      `AlgorithmError: See job logs for more information, exit code: ${code}. Last line: ${lastLine(logFile)}`.slice(
        0,
        1024,
      ),
    announce(document) {
      const arn = document.ProcessingJobArn ?? "";
      context.home.emit({
        source: "aws.sagemaker",
        "detail-type": "SageMaker Processing Job State Change",
        resources: [arn],
        detail: eventDetail(document),
      });
    },
  };
}

/** One after the other, so that of two files in one place the later input's stays; queries run meanwhile. */
async function layInputs(context: Context, place: JobPlace, inputs: readonly ProcessingInput[]): Promise<void> {
  const queried = inputs.map((input) => {
    const definition = input.DatasetDefinition?.AthenaDatasetDefinition;
    const location = definition && queryDataset(context.home, place.principal, definition);
    // Heard of when its input's turn comes, unless one before it fails the job.
    location?.catch(() => undefined);
    return { input, location };
  });
  for (const { input, location } of queried) {
    if (location === undefined) await layInput(context, place, input);
    else {
      const localPath = input.DatasetDefinition?.LocalPath ?? `/opt/ml/processing/input/${input.InputName}`;
      await s3Transfer(context.home, place.principal).download(await location, hostPath(place.root, localPath));
    }
  }
}

async function layInput(context: Context, place: JobPlace, input: ProcessingInput): Promise<void> {
  const transfer = s3Transfer(context.home, place.principal);
  const { S3Uri, LocalPath } = input.S3Input ?? {};
  if (S3Uri === undefined || LocalPath === undefined) {
    throw new JobFailure(
      "ClientError",
      `input ${input.InputName} is neither an S3Input with S3Uri and LocalPath nor an AthenaDatasetDefinition; those are what this home runs`,
    );
  }
  const folder = hostPath(place.root, LocalPath);
  if (input.S3Input?.S3DataType === "ManifestFile") return await transfer.downloadListed(S3Uri, folder);
  if (input.S3Input?.S3CompressionType !== "Gzip") return await transfer.download(S3Uri, folder);
  const archive = join(dirname(place.root), "input.tar.gz");
  await transfer.downloadFile(S3Uri, archive);
  await unpackArchive(archive, folder);
  await rm(archive);
}

function outputsOf(document: ProcessingDocument): { localPath: string; uri: string }[] {
  return (document.ProcessingOutputConfig?.Outputs ?? []).flatMap(({ S3Output }) =>
    S3Output?.LocalPath && S3Output.S3Uri ? [{ localPath: S3Output.LocalPath, uri: S3Output.S3Uri }] : [],
  );
}

/** A training job's channels: those this home lays out, and how they lie in the container. */
import type { Channel, TrainingInputMode } from "@aws-sdk/client-sagemaker";
import { hostPath, type PipedChannel, pipedFolder } from "../../runtime/jobs/index.ts";
import { validation } from "./errors.ts";
import { JobFailure } from "./job-failure.ts";
import type { S3Transfer } from "./s3-transfer.ts";

export interface LaidChannels {
  /** inputdataconfig.json. */
  configuration: Record<string, object>;
  piped: PipedChannel[];
}

/** @throws ValidationException for a channel that is not built here, or that SageMaker refuses too */
export function checkChannels(channels: readonly Channel[], jobMode: TrainingInputMode | undefined): void {
  for (const channel of channels) {
    const name = channel.ChannelName;
    const mode = modeOf(channel, jobMode);
    if (channel.DataSource?.S3DataSource?.S3DataType === "AugmentedManifestFile")
      throw validation(
        `Invalid S3DataType for channel ${name}: AugmentedManifestFile is not built in the embedded home; list the objects in a ManifestFile, or give an S3Prefix`,
      );
    if (channel.RecordWrapperType === "RecordIO")
      throw validation(
        `Invalid record wrapper type for channel ${name}: RecordIO is not built in the embedded home; use None`,
      );
    const { CompressionType = "None" } = channel;
    if (CompressionType !== "None" && mode !== "Pipe")
      throw validation(
        `Invalid compression type for channel ${name}: ${mode} mode only supports NONE, got ${CompressionType} instead`,
      );
  }
}

/** Lays the channels out under `root`, a FastFile one as files too: to the script it looks the same. */
export async function layChannels(
  transfer: S3Transfer,
  channels: readonly Channel[],
  jobMode: TrainingInputMode | undefined,
  root: string,
): Promise<LaidChannels> {
  const laid: LaidChannels = { configuration: {}, piped: [] };
  for (const channel of channels) {
    const name = channel.ChannelName ?? "";
    const source = channel.DataSource?.S3DataSource;
    if (source?.S3Uri === undefined)
      throw new JobFailure("ClientError", `channel ${name} has no S3DataSource; this home reads S3`);
    const piped = { name, gzip: channel.CompressionType === "Gzip" };
    const mode = modeOf(channel, jobMode);
    if (mode === "Pipe") laid.piped.push(piped);
    const folder = hostPath(root, mode === "Pipe" ? pipedFolder(piped) : `/opt/ml/input/data/${name}`);
    if (source.S3DataType === "ManifestFile") await transfer.downloadListed(source.S3Uri, folder);
    else await transfer.download(source.S3Uri, folder);
    laid.configuration[name] = {
      TrainingInputMode: mode,
      S3DistributionType: source.S3DataDistributionType ?? "FullyReplicated",
      RecordWrapperType: channel.RecordWrapperType ?? "None",
      ...(channel.ContentType && { ContentType: channel.ContentType }),
    };
  }
  return laid;
}

function modeOf({ InputMode }: Channel, jobMode: TrainingInputMode | undefined): TrainingInputMode {
  return InputMode ?? jobMode ?? "File";
}

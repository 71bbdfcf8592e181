/**
 * `kill -9` of the home at seeded random moments of running lifecycles, and what must hold at the end.
 *
 *   K1. Every execution ended well, in spite of the homes that died under it.
 *   K2. A data version has exactly one model package.
 *   K3. Every step of an execution has exactly one job: attached again, or begun again under its name.
 *   K4. What a publish acknowledged is there.
 */
import { setTimeout as pause } from "node:timers/promises";
import { ListProcessingJobsCommand, ListTrainingJobsCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import { tidemill, type Up, up } from "./command.ts";
import { olderCustomers, SAMPLE } from "./credit-data.ts";

export interface Storm {
  seed: number;
  kills: number;
  acknowledged: string[];
  executions: { name: string; stateMachine: string; status: string; error?: string; cause?: string }[];
  packages: { dataVersion: string; approvalStatus: string }[];
  trainingJobs: string[];
  processingJobs: string[];
}

const MOMENTS_PER_PUBLISH = 10;
const LONGEST_LIFE_MS = 1_500;

/** Publishes a new version every ten kills, kills the home at `kills` random moments, then lets everything end. */
export async function killStorm(folder: string, home: string, seed: number, kills: number): Promise<Storm> {
  const random = randomFrom(seed);
  const acknowledged: string[] = [];
  let running = await up(home);
  for (let kill = 0; kill < kills; kill++) {
    if (kill % MOMENTS_PER_PUBLISH === 0) acknowledged.push(await publish(home, folder, kill));
    // The moment of the kill is what is tested; nothing is waited for.
    await pause(random() * LONGEST_LIFE_MS);
    await running.kill();
    running = await up(home);
  }
  const executions = await whenAllEnded(home);
  const jobs = await jobsOf(home, running);
  const packages = (await tidemill(home, "models", "list")).json as Storm["packages"];
  await running.stop();
  return { seed, kills, acknowledged, executions, packages, ...jobs };
}

async function publish(home: string, folder: string, kill: number): Promise<string> {
  const file = kill === 0 ? SAMPLE : olderCustomers(folder, 12 + kill);
  const { code, json, stderr } = await tidemill(home, "publish", "credit-card", file, "--no-follow");
  if (code !== 0) throw new Error(`publish was not acknowledged: ${stderr}`);
  return (json as { dataVersion: string }).dataVersion;
}

async function whenAllEnded(home: string): Promise<Storm["executions"]> {
  for (;;) {
    const { json } = await tidemill(home, "executions", "list");
    const executions = json as Storm["executions"];
    if (executions.length > 0 && executions.every(({ status }) => status !== "RUNNING")) return executions;
    await pause(500);
  }
}

async function jobsOf(home: string, { endpoint, region }: Up): Promise<Pick<Storm, "trainingJobs" | "processingJobs">> {
  const env = (await tidemill(home, "env")).json as Record<string, string>;
  const credentials = { accessKeyId: env.AWS_ACCESS_KEY_ID ?? "", secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? "" };
  const sagemaker = new SageMakerClient({ endpoint, region, credentials });
  const training = await sagemaker.send(new ListTrainingJobsCommand({ MaxResults: 100 }));
  const processing = await sagemaker.send(new ListProcessingJobsCommand({ MaxResults: 100 }));
  return {
    trainingJobs: (training.TrainingJobSummaries ?? []).map(({ TrainingJobName = "" }) => TrainingJobName),
    processingJobs: (processing.ProcessingJobSummaries ?? []).map(({ ProcessingJobName = "" }) => ProcessingJobName),
  };
}

/** Mulberry32: small, seeded, good enough to choose moments. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

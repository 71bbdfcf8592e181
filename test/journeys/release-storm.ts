/**
 * `kill -9` of the home at seeded random moments of releases: while a model is approved, an endpoint made or updated, its smoke
 * test run, and while the next home takes all that up again.
 */
import { setTimeout as pause } from "node:timers/promises";
import { type ModelApprovalStatus, UpdateModelPackageCommand } from "@aws-sdk/client-sagemaker";
import { type HomeClients, homeClients } from "./aws-clients.ts";
import { launch, tidemill, type Up } from "./command.ts";
import { SAMPLE } from "./credit-data.ts";
import { liveUntilKilled } from "./killed-life.ts";
import { randomOf } from "./seeded-random.ts";
import { executionsOf, packagesOf } from "./survivors.ts";

export interface ReleaseStorm {
  clients: HomeClients;
  running: Up;
  /** Versions whose approval was answered, in order; the last one is to be served. */
  approved: string[];
  /** Approvals that were asked for, answered or not. */
  asked: number;
}

/** From the start of its process: about as long as standing up and a release take. */
const LONGEST_LIFE_MS = 5_000;
const POLL_MS = 100;

/** Two registered versions, then `kills` homes in which one of them is approved, and one more to end in. */
export async function releaseStorm(home: string, seed: number, kills: number): Promise<ReleaseStorm> {
  for (const words of [
    ["publish", "credit-card", SAMPLE],
    ["run", "credit-risk", "--force"],
  ])
    if ((await tidemill(home, ...words)).code !== 0) throw new Error(`${words.join(" ")} failed`);
  const random = randomOf(seed);
  const approved: string[] = [];
  let asked = 0;
  for (let kill = 0; kill < kills; kill++) {
    const version = random() < 0.5 ? 0 : 1;
    await liveUntilKilled(home, random() * LONGEST_LIFE_MS, async (clients) => {
      const arn = (await versionsOf(clients))[version] ?? "";
      await set(clients, arn, "Rejected");
      asked++;
      await set(clients, arn, "Approved");
      approved.push(arn);
    });
  }
  const running = await launch(home).ready;
  const clients = homeClients(home, running);
  const [first = "", second = ""] = await versionsOf(clients);
  await set(clients, first, "Rejected");
  await set(clients, second, "Rejected");
  await ended(clients, asked === 0 ? 0 : approved.length);
  asked++;
  await set(clients, second, "Approved");
  approved.push(second);
  await ended(clients, approved.length);
  return { clients, running, approved, asked };
}

async function versionsOf({ sagemaker }: HomeClients): Promise<string[]> {
  return (await packagesOf(sagemaker)).map(({ arn }) => arn).sort();
}

async function set({ sagemaker }: HomeClients, ModelPackageArn: string, status: ModelApprovalStatus): Promise<void> {
  await sagemaker.send(new UpdateModelPackageCommand({ ModelPackageArn, ModelApprovalStatus: status }));
}

/** Waits until as many releases as were approved have been started, and none runs any more. */
async function ended({ sfn }: HomeClients, atLeast: number): Promise<void> {
  for (;;) {
    const releases = await executionsOf(sfn, "release-model");
    if (releases.length >= atLeast && releases.every(({ status }) => status !== "RUNNING")) return;
    await pause(POLL_MS);
  }
}

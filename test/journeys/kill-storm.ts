/**
 * `kill -9` of the home at seeded random moments: while it stands up, while clients write, while lifecycles run.
 * What was acknowledged is kept in a ledger outside the home, to be asked for at the end.
 */
import { setTimeout as pause } from "node:timers/promises";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { PutObjectCommand } from "@aws-sdk/client-s3";
import { ListExecutionsCommand, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { z } from "zod";
import { type HomeClients, homeClients } from "./aws-clients.ts";
import { launch, type Up } from "./command.ts";
import { turnedCustomers } from "./credit-data.ts";
import { liveUntilKilled } from "./killed-life.ts";
import { randomOf } from "./seeded-random.ts";

export interface Storm {
  /** Of the home that stands at the end, with everything ended. */
  clients: HomeClients;
  running: Up;
  /** Landing key → body of every PutObject that was answered. */
  objects: Map<string, string>;
  /** Every StartExecution that was answered. */
  started: string[];
  /** The data version of the last publish, which was accepted. */
  lastVersion: string;
}

export const LANDING = "tidemill-landing-000000000000-us-east-1";
export const machineArn = (name: string) => `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;

/** From the start of its process: 0.7 s of it is standing up, and a lifecycle takes 8 s, so one dies several times. */
const LONGEST_LIFE_MS = 4_000;
const MOST_AT_ONCE = 2;
const POLL_MS = 200;
const Curated = z.looseObject({ accepted: z.literal(true), dataVersion: z.string() });

/** Lives through `kills` homes and one more. @throws Error when a home that was not killed fails a client */
export async function killStorm(home: string, seed: number, kills: number): Promise<Storm> {
  const random = randomOf(seed);
  const ledger = new Ledger(random);
  for (let kill = 0; kill < kills; kill++) {
    await liveUntilKilled(home, random() * LONGEST_LIFE_MS, (clients) => ledger.work(clients));
  }
  const running = await launch(home).ready;
  const clients = homeClients(home, running);
  const lastVersion = await ledger.publish(clients);
  await allEnded(clients, `credit-card-${lastVersion}`);
  return { clients, running, objects: ledger.objects, started: ledger.started, lastVersion };
}

/** What clients do, and what they were told. */
class Ledger {
  readonly objects = new Map<string, string>();
  readonly started: string[] = [];
  readonly #random: () => number;
  #writes = 0;
  #hasData = false;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** One write, unless enough is going on. */
  async work(clients: HomeClients): Promise<void> {
    // Drawn whether used or not, so that the schedule of kills follows from the seed alone.
    const choice = this.#random();
    if (!this.#hasData) return void (await this.publish(clients));
    if ((await runningExecutions(clients)) >= MOST_AT_ONCE) return;
    if (choice < 0.5) await this.publish(clients);
    else if (choice < 0.8) await this.#startByHand(clients);
  }

  /** A new version each time, of ages that move to and fro: most are trained on. */
  async publish({ s3, lambda }: HomeClients): Promise<string> {
    const turn = ++this.#writes;
    const Body = turnedCustomers(turn % 2 === 0 ? 30 : 0, turn);
    const Key = `incoming/credit-card/storm-${turn}.asc`;
    await s3.send(new PutObjectCommand({ Bucket: LANDING, Key, Body }));
    this.objects.set(Key, Body);
    const Payload = JSON.stringify({ product: "credit-card", bucket: LANDING, keys: [Key] });
    const answer = await lambda.send(new InvokeCommand({ FunctionName: "tidemill-curate-product", Payload }));
    const { dataVersion } = Curated.parse(JSON.parse(Buffer.from(answer.Payload ?? []).toString("utf8")));
    this.#hasData = true;
    return dataVersion;
  }

  async #startByHand({ sfn }: HomeClients): Promise<void> {
    const name = `by-hand-${++this.#writes}`;
    const input = JSON.stringify({ product: "credit-card", trigger: "manual", force: true });
    const stateMachineArn = machineArn("data-product-update");
    const { executionArn = "" } = await sfn.send(new StartExecutionCommand({ stateMachineArn, name, input }));
    this.started.push(executionArn);
  }
}

async function runningExecutions({ sfn }: HomeClients): Promise<number> {
  const counts = ["data-product-update", "train-model"].map(async (name) => {
    const wanted = { stateMachineArn: machineArn(name), statusFilter: "RUNNING" as const };
    return (await sfn.send(new ListExecutionsCommand(wanted))).executions?.length ?? 0;
  });
  const [updates = 0, trainings = 0] = await Promise.all(counts);
  return Math.max(updates, trainings);
}

/** Asks until the execution `name`, which an event starts, is there and none runs any more. */
async function allEnded(clients: HomeClients, name: string): Promise<void> {
  for (;;) {
    const wanted = { stateMachineArn: machineArn("data-product-update"), maxResults: 1000 };
    const { executions = [] } = await clients.sfn.send(new ListExecutionsCommand(wanted));
    if (executions.some((one) => one.name === name) && (await runningExecutions(clients)) === 0) return;
    await pause(POLL_MS);
  }
}

/**
 * The bus from outside: an AWS client in this process, a home with its store on disk in another.
 *
 *   latency: 100 events a second against 1,000 rules of mixed kinds, each event for one rule, which starts an execution;
 *     from before PutEvents is called to the entry of the execution's first state, as its history has it.
 *   throughput: as fast as the home takes them, 10 entries a request, into 10 matching rules with one target each, which
 *     answers at once; until the last of the ten times as many deliveries is made. Memory: the middle of the last fifth
 *     against the middle of the second.
 * To reach: p99 below 20 ms; 2,000 events a second, memory not growing by more than a tenth.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import {
  CreateStateMachineCommand,
  GetExecutionHistoryCommand,
  paginateListExecutions,
  SFNClient,
} from "@aws-sdk/client-sfn";
import type { ClientConfig } from "../local/home.ts";
import { type BenchResult, median } from "./bench-result.ts";

const RULES = 1_000;
const RATE_PER_SECOND = 100;
const LATENCY_EVENTS = 2_000;
const WARM_UP_EVENTS = 300;
const MOST_P99_MS = 20;
const MATCHING = 10;
const REQUESTS = 6_000;
const REQUESTS_IN_FLIGHT = 8;
const LEAST_PER_SECOND = 2_000;
const MOST_GROWTH = 1.1;
const ROLE = "bench-bus";
const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:instant";

interface HomeState {
  delivered: number;
  cpuMs: number;
  residentMb: number;
}

interface BusHome {
  config: ClientConfig;
  ask(): Promise<HomeState>;
}

export async function run(): Promise<BenchResult> {
  const latency = await withHome(measureLatency);
  const throughput = await withHome(measureThroughput);
  const missed: string[] = [];
  if (latency.p99Ms >= MOST_P99_MS) missed.push(`${latency.name}: p99 ${latency.p99Ms} ms, below ${MOST_P99_MS}`);
  if (throughput.eventsPerSecond < LEAST_PER_SECOND)
    missed.push(`${throughput.name}: ${throughput.eventsPerSecond} events/s, at least ${LEAST_PER_SECOND}`);
  if (throughput.memoryGrowth > MOST_GROWTH)
    missed.push(`${throughput.name}: memory grew ${throughput.memoryGrowth} times, at most ${MOST_GROWTH}`);
  return { rows: [latency, throughput], missed };
}

async function measureLatency(home: BusHome) {
  const bus = new EventBridgeClient(home.config);
  const machine = await makeMachine(home.config);
  for (let index = 0; index < RULES; index++) {
    const Name = `rule-${index}`;
    await bus.send(new PutRuleCommand({ Name, EventPattern: JSON.stringify(patternOf(index)) }));
    await bus.send(new PutTargetsCommand({ Rule: Name, Targets: [{ Id: "machine", ...machine }] }));
  }
  const put = async (index: number): Promise<{ id: string; sentMs: number }> => {
    const sentMs = Date.now();
    const { Entries: [entry] = [] } = await bus.send(new PutEventsCommand({ Entries: [eventFor(index)] }));
    return { id: entry?.EventId ?? "", sentMs };
  };
  const sent: Promise<{ id: string; sentMs: number }>[] = [];
  const began = performance.now();
  const before = await home.ask();
  for (let index = 0; index < WARM_UP_EVENTS + LATENCY_EVENTS; index++) {
    await pause(Math.max(0, began + (index * 1000) / RATE_PER_SECOND - performance.now()));
    sent.push(put(index % RULES));
  }
  const events = (await Promise.all(sent)).slice(WARM_UP_EVENTS);
  const after = await home.ask();
  await pause(1000);
  const latencies = await latenciesOf(home.config, machine.Arn, events);
  bus.destroy();
  return {
    name: `event in to first state, ${RULES} rules, ${RATE_PER_SECOND}/s`,
    events: latencies.length,
    p50Ms: latencies[Math.floor(latencies.length * 0.5)] ?? Number.NaN,
    p99Ms: latencies[Math.floor(latencies.length * 0.99)] ?? Number.NaN,
    cpuMsPerEvent: Math.round((100 * (after.cpuMs - before.cpuMs)) / sent.length) / 100,
  };
}

async function measureThroughput(home: BusHome) {
  const bus = new EventBridgeClient(home.config);
  for (let index = 0; index < MATCHING; index++) {
    const Name = `rule-${index}`;
    await bus.send(new PutRuleCommand({ Name, EventPattern: '{"source":["bench"]}' }));
    await bus.send(new PutTargetsCommand({ Rule: Name, Targets: [{ Id: "instant", Arn: FUNCTION }] }));
  }
  const Entries = Array.from({ length: 10 }, (_, index) => eventFor(index));
  const residentMb: number[] = [];
  let left = REQUESTS;
  const before = await home.ask();
  const began = performance.now();
  const worker = async () => {
    while (left-- > 0) {
      await bus.send(new PutEventsCommand({ Entries }));
      if (left % 50 === 0) residentMb.push((await home.ask()).residentMb);
    }
  };
  await Promise.all(Array.from({ length: REQUESTS_IN_FLIGHT }, worker));
  const wanted = before.delivered + REQUESTS * 10 * MATCHING;
  let after = await home.ask();
  for (; after.delivered < wanted; after = await home.ask()) await pause(20);
  const seconds = (performance.now() - began) / 1000;
  bus.destroy();
  const fifth = Math.floor(residentMb.length / 5);
  const [first, last] = [median(residentMb.slice(fifth, 2 * fifth)), median(residentMb.slice(-fifth))];
  return {
    name: `sustained, ${MATCHING} matching rules`,
    events: REQUESTS * 10,
    eventsPerSecond: Math.round((REQUESTS * 10) / seconds),
    cpuMsPerEvent: Math.round((1000 * (after.cpuMs - before.cpuMs)) / (REQUESTS * 10)) / 1000,
    peakMb: Math.max(...residentMb),
    memoryGrowth: Math.round((100 * last) / first) / 100,
  };
}

/** From sending to the first state's entry, for each execution, ascending; an event without one fails the bench. */
async function latenciesOf(
  config: ClientConfig,
  stateMachineArn: string,
  events: readonly { id: string; sentMs: number }[],
): Promise<number[]> {
  const client = new SFNClient(config);
  const arns = new Map<string, string>();
  for await (const { executions = [] } of paginateListExecutions({ client, pageSize: 1000 }, { stateMachineArn }))
    for (const { executionArn = "", name = "" } of executions) arns.set(name.slice(0, 36), executionArn);
  const latencies: number[] = [];
  for (const { id, sentMs } of events) {
    const executionArn = arns.get(id);
    if (executionArn === undefined) throw new Error(`event ${id} started nothing`);
    const { events: history = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 5 }));
    const entered = history.find(({ type }) => type === "PassStateEntered");
    latencies.push((entered?.timestamp?.getTime() ?? Number.NaN) - sentMs);
  }
  client.destroy();
  return latencies.sort((a, b) => a - b);
}

async function makeMachine(config: ClientConfig): Promise<{ Arn: string; RoleArn: string }> {
  const iam = new IAMClient(config);
  const trust = {
    Effect: "Allow",
    Principal: { Service: ["states.amazonaws.com", "events.amazonaws.com"] },
    Action: "sts:AssumeRole",
  };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: ROLE, AssumeRolePolicyDocument }));
  const start = { Effect: "Allow", Action: "states:StartExecution", Resource: "*" };
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [start] });
  await iam.send(new PutRolePolicyCommand({ RoleName: ROLE, PolicyName: "start", PolicyDocument }));
  const client = new SFNClient(config);
  const definition = JSON.stringify({ StartAt: "First", States: { First: { Type: "Pass", End: true } } });
  const { stateMachineArn = "" } = await client.send(
    new CreateStateMachineCommand({ name: "bench", definition, roleArn: Role?.Arn }),
  );
  iam.destroy();
  client.destroy();
  return { Arn: stateMachineArn, RoleArn: Role?.Arn ?? "" };
}

/** Rules of the kinds an application has; every event of `eventFor(index)` matches the rule of that index alone. */
function patternOf(index: number): object {
  const key = `key-${index}`;
  switch (index % 5) {
    case 0:
      return { source: ["bench"], detail: { key: [key] } };
    case 1:
      return { source: [{ prefix: "ben" }], detail: { key: [key], amount: [{ numeric: [">", 0] }] } };
    case 2:
      return { source: ["bench"], detail: { key: [key], state: [{ "anything-but": ["deleted"] }] } };
    case 3:
      return { source: ["bench"], detail: { path: [{ wildcard: `*/${key}/*` }] } };
    default:
      return { $or: [{ detail: { key: [key] } }, { detail: { other: [key] } }] };
  }
}

function eventFor(index: number) {
  const key = `key-${index}`;
  const detail = { key, amount: index + 1, state: "created", path: `a/${key}/b`, text: "x".repeat(500) };
  return { Source: "bench", DetailType: "Order Placed", Detail: JSON.stringify(detail) };
}

async function withHome<T>(measure: (home: BusHome) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), "tidemill-bench-"));
  const child = spawn(
    process.execPath,
    ["--max-semi-space-size=4", join(import.meta.dirname, "bus-home.ts"), directory],
    {
      stdio: ["ignore", "ignore", "inherit", "ipc"],
    },
  );
  try {
    const { config } = await answerOf<{ config: ClientConfig }>(child);
    // One question at a time: an answer does not say which it is for.
    let asked: Promise<unknown> = Promise.resolve();
    const ask = () => {
      const answer = asked.then(() => {
        child.send("count");
        return answerOf<HomeState>(child);
      });
      asked = answer;
      return answer;
    };
    return await measure({ config, ask });
  } finally {
    const exited = once(child, "exit");
    if (child.connected) child.disconnect();
    if (child.exitCode === null) await exited;
    rmSync(directory, { recursive: true });
  }
}

async function answerOf<T>(child: ChildProcess): Promise<T> {
  const [message] = await once(child, "message");
  return message as T;
}

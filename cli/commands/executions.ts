/** `tidemill executions list|show|stop|redrive` and `tidemill run`. */
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  ListExecutionsCommand,
  paginateListStateMachines,
  RedriveExecutionCommand,
  type SFNClient,
  StopExecutionCommand,
} from "@aws-sdk/client-sfn";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import { z } from "zod";
import { innermostReason } from "../cause.ts";
import { namesBelow } from "../config-names.ts";
import type { Connection } from "../connect.ts";
import type { Context } from "../context.ts";
import { findExecution } from "../execution-name.ts";
import { CommandFailure } from "../failure.ts";
import { follow } from "../follow.ts";
import { lifecycleOf, publishResult, tellLifecycle } from "../lifecycle.ts";
import { startLifecycle } from "../start-lifecycle.ts";
import { table } from "../terminal.ts";

export interface ExecutionRow {
  executionArn: string;
  name: string;
  stateMachine: string;
  status: string;
  startDate: string;
  stopDate?: string;
  error?: string;
  cause?: string;
}

/**
 * The newest first, of all standard state machines or of one. @throws CommandFailure 2 for a name or status there is
 * not
 */
export async function listExecutions(
  connection: Connection,
  context: Context,
  filter: { stateMachine?: string; status?: string; limit: number },
): Promise<void> {
  const sfn = await connection.clients.sfn();
  const rows: ExecutionRow[] = [];
  for (const stateMachineArn of await machinesOf(sfn, filter.stateMachine))
    rows.push(...(await rowsOf(sfn, stateMachineArn, filter)));
  rows.sort((a, b) => b.startDate.localeCompare(a.startDate));
  const shown = rows.slice(0, filter.limit);
  const text = table(
    ["STARTED", "STATUS", "STATE MACHINE", "NAME"],
    shown.map((row) => [`${row.startDate.slice(0, 19)}Z`, row.status, row.stateMachine, row.name]),
  );
  context.print(shown, shown.length === 0 ? noneText(filter) : text);
}

function noneText({ stateMachine, status }: { stateMachine?: string; status?: string }): string {
  if (stateMachine === undefined && status === undefined)
    return "no executions yet; publish a product: npx tidemill publish credit-card FILE";
  return `no execution${stateMachine === undefined ? "" : ` of ${stateMachine}`}${status === undefined ? "" : ` is ${status.toUpperCase()}`}`;
}

/** The ARNs of the standard state machines, or of the one; executions of express ones are in their logs only. */
async function machinesOf(sfn: SFNClient, wanted: string | undefined): Promise<string[]> {
  const machines = new Map<string, string>();
  for await (const { stateMachines = [] } of paginateListStateMachines({ client: sfn }, {})) {
    for (const { name = "", type, stateMachineArn = "" } of stateMachines)
      if (type !== "EXPRESS") machines.set(name, stateMachineArn);
  }
  if (wanted === undefined) return [...machines.values()];
  const found = machines.get(wanted);
  if (found !== undefined) return [found];
  throw new CommandFailure(
    2,
    `there is no standard state machine "${wanted}"; there are: ${[...machines.keys()].sort().join(", ") || "none"}`,
  );
}

async function rowsOf(
  sfn: SFNClient,
  stateMachineArn: string,
  filter: { status?: string; limit: number },
): Promise<ExecutionRow[]> {
  const rows: ExecutionRow[] = [];
  let nextToken: string | undefined;
  do {
    const page = await sfn.send(
      new ListExecutionsCommand({
        stateMachineArn,
        maxResults: Math.min(filter.limit, 1000),
        ...(filter.status === undefined ? {} : { statusFilter: statusOf(filter.status) }),
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
    );
    for (const { executionArn = "", status = "RUNNING" } of page.executions ?? [])
      rows.push(await row(sfn, executionArn, status));
    nextToken = page.nextToken;
  } while (nextToken !== undefined && rows.length < filter.limit);
  return rows;
}

async function row(sfn: SFNClient, executionArn: string, status: string): Promise<ExecutionRow> {
  const found = await sfn.send(new DescribeExecutionCommand({ executionArn }));
  return {
    executionArn,
    name: found.name ?? "",
    stateMachine: executionArn.split(":")[6] ?? "",
    status: found.status ?? status,
    startDate: found.startDate?.toISOString() ?? "",
    ...(found.stopDate === undefined ? {} : { stopDate: found.stopDate.toISOString() }),
    ...(found.error === undefined ? {} : { error: found.error }),
    ...(found.cause === undefined ? {} : { cause: found.cause }),
  };
}

const STATUSES = ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED"] as const;

function statusOf(text: string): (typeof STATUSES)[number] {
  const found = STATUSES.find((status) => status === text.toUpperCase());
  if (found === undefined) throw new CommandFailure(2, `--status takes ${STATUSES.join(", ")}; found "${text}"`);
  return found;
}

/**
 * @param name ARN or name
 * @throws CommandFailure 2 where there is no such execution
 */
export async function showExecution(connection: Connection, context: Context, name: string): Promise<void> {
  const sfn = await connection.clients.sfn();
  const found = await findExecution(sfn, name);
  const { executionArn = "" } = found;
  const events = await historyOf(sfn, executionArn);
  const value = {
    ...(await row(sfn, executionArn, "")),
    input: parsed(found.input),
    output: parsed(found.output),
    events,
  };
  const lines = events.map(
    (event) =>
      `${String(event.id).padStart(5)}  ${event.timestamp?.toISOString() ?? ""}  ${event.type ?? ""}  ${nameIn(event)}`,
  );
  const end = found.error === undefined ? "" : `\n${found.error}: ${found.cause ?? ""}`;
  context.print(value, `${found.name ?? ""}  ${found.status ?? ""}${end}\n${lines.join("\n")}`);
}

/**
 * @param name ARN or name
 * @throws CommandFailure 2 where there is no such execution
 */
export async function stopExecution(
  connection: Connection,
  context: Context,
  name: string,
  cause: string | undefined,
): Promise<void> {
  const sfn = await connection.clients.sfn();
  const { executionArn = "" } = await findExecution(sfn, name);
  await sfn.send(
    new StopExecutionCommand({ executionArn, error: "Stopped", cause: cause ?? "stopped by tidemill executions stop" }),
  );
  const found = await findExecution(sfn, executionArn);
  context.print({ executionArn, status: found.status }, `${executionArn} is ${found.status ?? ""}`);
}

/**
 * @param name ARN or name
 * @throws CommandFailure 2 where there is no such execution or it cannot be redriven, 1 where it fails again
 */
export async function redriveExecution(
  connection: Connection,
  context: Context,
  name: string,
  wait: boolean,
): Promise<void> {
  const sfn = await connection.clients.sfn();
  const { executionArn = "" } = await findExecution(sfn, name);
  try {
    await sfn.send(new RedriveExecutionCommand({ executionArn }));
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === "ExecutionNotRedrivable")
      throw new CommandFailure(2, thrown.message);
    throw thrown;
  }
  const followed = wait ? await follow(sfn, executionArn, context.terminal) : undefined;
  const status = followed?.status ?? "RUNNING";
  const result = { executionArn, status, ...(followed?.output === undefined ? {} : { output: followed.output }) };
  if (followed !== undefined && status !== "SUCCEEDED") {
    const { error = "", cause } = followed;
    throw new CommandFailure(1, `redriven, and ended ${status}: ${error} ${innermostReason(cause)}`, {
      ...result,
      error,
      cause,
    });
  }
  context.print(result, `${executionArn} is ${status}`);
}

const ModelConfig = z.looseObject({ product: z.string() });

/** A manual start, followed to its end. */
export async function run(
  connection: Connection,
  context: Context,
  model: string,
  options: { force?: boolean; follow: boolean },
): Promise<void> {
  const product = await productOf(connection, model);
  const executionArn = await startLifecycle(connection, product, options.force ?? false);
  if (!options.follow) return context.print({ executionArn }, `started ${executionArn}`);
  const followed = await follow(await connection.clients.sfn(), executionArn, context.terminal);
  const lifecycle = lifecycleOf(followed);
  tellLifecycle(lifecycle, context.terminal);
  context.print(publishResult(lifecycle, executionArn), `${lifecycle.outcome}: ${lifecycle.reason}`);
}

async function productOf(connection: Connection, model: string): Promise<string> {
  const ssm = await connection.clients.ssm();
  try {
    const { Parameter } = await ssm.send(new GetParameterCommand({ Name: `/tidemill/models/${model}` }));
    return ModelConfig.parse(JSON.parse(Parameter?.Value ?? "{}")).product;
  } catch (thrown) {
    if (thrown instanceof Error && thrown.name === "ParameterNotFound")
      throw new CommandFailure(
        2,
        `there is no model "${model}"; there are: ${(await namesBelow(ssm, "/tidemill/models/")).join(", ") || "none"}`,
      );
    throw thrown;
  }
}

async function historyOf(sfn: SFNClient, executionArn: string): Promise<HistoryEvent[]> {
  const events: HistoryEvent[] = [];
  let nextToken: string | undefined;
  do {
    const page = await sfn.send(
      new GetExecutionHistoryCommand({
        executionArn,
        maxResults: 1000,
        ...(nextToken === undefined ? {} : { nextToken }),
      }),
    );
    events.push(...(page.events ?? []));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return events;
}

function nameIn(event: HistoryEvent): string {
  const details = event.stateEnteredEventDetails ?? event.stateExitedEventDetails;
  return details?.name ?? event.taskScheduledEventDetails?.resource ?? event.taskFailedEventDetails?.error ?? "";
}

function parsed(text: string | undefined): unknown {
  return text === undefined ? null : JSON.parse(text);
}

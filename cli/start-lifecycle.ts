/** A manual start: the same workflow that an update starts, for the data as it is now. */
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { z } from "zod";
import type { Connection } from "./connect.ts";
import { CommandFailure } from "./failure.ts";

const Starts = z.object({
  starts: z.array(
    z.object({
      product: z.string(),
      dataVersion: z.string().optional(),
      outcome: z.string(),
      executionArn: z.string().optional(),
    }),
  ),
});

/** @returns the execution started. @throws CommandFailure (1) saying why there is none */
export async function startLifecycle(connection: Connection, product: string, force: boolean): Promise<string> {
  const lambda = await connection.clients.lambda();
  const payload = Buffer.from(JSON.stringify({ product, trigger: "manual", ...(force ? { force } : {}) }));
  const answer = await lambda.send(new InvokeCommand({ FunctionName: "tidemill-start-lifecycle", Payload: payload }));
  const text = Buffer.from(answer.Payload ?? []).toString("utf8");
  if (answer.FunctionError !== undefined) throw new CommandFailure(1, `the run could not be started: ${text}`);
  const [started] = Starts.parse(JSON.parse(text)).starts;
  if (started?.executionArn !== undefined) return started.executionArn;
  const reason =
    started?.outcome === "empty"
      ? `${product} holds no data yet; publish it first: npx tidemill publish ${product} FILE`
      : `nothing started: ${started?.outcome ?? `there is no product "${product}"`}`;
  throw new CommandFailure(1, reason, { error: reason });
}

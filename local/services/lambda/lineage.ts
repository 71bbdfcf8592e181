/**
 * Recursive loop detection: how often each function ran in a chain of requests, carried in the X-Ray trace header. SDKs in a
 * function send on the header of their invocation; the sixteenth run of a function in a chain is its last, unless the
 * function may loop. Queues, topics and buckets keep the header with what they were sent, and invoke with it, as on AWS;
 * other services do not, there as here.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
import { createHash } from "node:crypto";
import { AwsError } from "../../aws-error.ts";

const MOST_RUNS = 16;
const LINEAGE = /(?:^|;)Lineage=([0-9a-f:|]*)/;

/** Whether the function has had its runs in the chain that `trace` belongs to. */
export function hasRunOut(trace: string | undefined, functionArn: string): boolean {
  return (readLineage(trace).get(idOf(functionArn)) ?? 0) >= MOST_RUNS;
}

/** The lineage of a run of the function in the chain that `trace` belongs to. */
export function lineageOfRun(trace: string | undefined, functionArn: string): string {
  const runs = readLineage(trace);
  const id = idOf(functionArn);
  runs.set(id, Math.min((runs.get(id) ?? 0) + 1, MOST_RUNS));
  return written(runs);
}

/** The trace header of what belongs to several chains at once, as a batch of messages does: the longest of each function counts. */
export function mergedTrace(traces: readonly (string | undefined)[]): string | undefined {
  const merged = new Map<string, number>();
  for (const trace of traces)
    for (const [name, count] of readLineage(trace)) merged.set(name, Math.max(count, merged.get(name) ?? 0));
  return merged.size === 0 ? undefined : `Lineage=${written(merged)}`;
}

export function recursiveInvocation(): AwsError {
  return new AwsError(
    "RecursiveInvocationException",
    "Lambda has detected your function being invoked in a recursive loop with other Amazon Web Services resources and stopped your function's invocation.",
    { fields: { Type: "User" } },
  );
}

function idOf(functionArn: string): string {
  return createHash("sha256").update(functionArn).digest("hex").slice(0, 8);
}

function written(runs: ReadonlyMap<string, number>): string {
  return [...runs].map(([name, count]) => `${name}:${count}`).join("|");
}

function readLineage(trace: string | undefined): Map<string, number> {
  const runs = new Map<string, number>();
  for (const part of (LINEAGE.exec(trace ?? "")?.[1] ?? "").split("|")) {
    const [name = "", count = ""] = part.split(":");
    if (name !== "" && Number.isInteger(Number(count))) runs.set(name, Number(count));
  }
  return runs;
}

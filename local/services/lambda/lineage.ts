/**
 * Recursive loop detection: how often each function ran in a chain of requests, carried in the X-Ray trace header. SDKs in a
 * function send on the header of their invocation; the sixteenth run of a function in a chain is its last.
 * Chains through queues, topics and buckets are not followed here, as their messages keep no header.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
 */
import { createHash } from "node:crypto";
import { AwsError } from "../../aws-error.ts";

const MOST_RUNS = 16;
const LINEAGE = /(?:^|;)Lineage=([0-9a-f:|]*)/;

/**
 * The lineage of a run of the function in the chain that `trace` belongs to.
 * @throws AwsError RecursiveInvocationException
 */
export function lineageOfRun(trace: string | undefined, functionArn: string): string {
  const runs = readLineage(trace);
  const function_ = createHash("sha256").update(functionArn).digest("hex").slice(0, 8);
  const before = runs.get(function_) ?? 0;
  if (before >= MOST_RUNS)
    throw new AwsError(
      "RecursiveInvocationException",
      "Lambda has detected your function being invoked in a recursive loop with other Amazon Web Services resources and stopped your function's invocation.",
      { fields: { Type: "User" } },
    );
  runs.set(function_, before + 1);
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

/**
 * An Athena dataset definition: the query runs as the job's role, its result is written as files, and those become input.
 *
 * https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_AthenaDatasetDefinition.html
 */
import type { AthenaDatasetDefinition } from "@aws-sdk/client-sagemaker";
import { z } from "zod";
import type { HomePorts } from "../../define-service.ts";
import type { Principal } from "../../principal.ts";
import { JobFailure } from "./job-failure.ts";

const Started = z.looseObject({ QueryExecutionId: z.string() });
const Described = z.looseObject({
  QueryExecution: z.looseObject({
    Status: z.looseObject({ State: z.string(), StateChangeReason: z.string().optional() }),
  }),
});

const PENDING: ReadonlySet<string> = new Set(["QUEUED", "RUNNING"]);
// The query's own event ends the wait; this catches one that was missed.
const CHECK_AGAIN_MS = 2000;

/**
 * Runs the query with UNLOAD into a folder of its own below OutputS3Uri.
 * @returns the S3 URI of that folder
 * @throws JobFailure with the query's own reason
 */
export async function queryDataset(
  home: HomePorts,
  principal: Principal,
  definition: AthenaDatasetDefinition,
): Promise<string> {
  const { Catalog, Database, QueryString = "", OutputS3Uri = "", OutputFormat, WorkGroup } = definition;
  const target = `${OutputS3Uri.replace(/\/$/, "")}/${home.uuid()}/`;
  const options = [`format = '${OutputFormat ?? "PARQUET"}'`];
  if (definition.OutputCompression) options.push(`compression = '${definition.OutputCompression}'`);
  const request = {
    QueryString: `UNLOAD (${QueryString.trim().replace(/;$/, "")}) TO '${target}' WITH (${options.join(", ")})`,
    QueryExecutionContext: { Catalog, Database },
    ...(WorkGroup && { WorkGroup }),
  };
  const { QueryExecutionId } = Started.parse(await home.call("athena", "StartQueryExecution", request, principal));
  const { State, StateChangeReason } = await queryEnd(home, principal, QueryExecutionId);
  if (State !== "SUCCEEDED") {
    throw new JobFailure(
      "ClientError",
      `Athena query ${QueryExecutionId} of the dataset definition ${State.toLowerCase()}: ${StateChangeReason ?? "no reason given"}`,
    );
  }
  return target;
}

async function queryEnd(home: HomePorts, principal: Principal, QueryExecutionId: string) {
  for (;;) {
    const heard = nextChange(home, QueryExecutionId);
    try {
      const answer = await home.call("athena", "GetQueryExecution", { QueryExecutionId }, principal);
      const { Status } = Described.parse(answer).QueryExecution;
      if (!PENDING.has(Status.State)) return Status;
      await heard.change;
    } finally {
      heard.cancel();
    }
  }
}

function nextChange(home: HomePorts, queryExecutionId: string): { change: Promise<void>; cancel: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  const unsubscribe = home.listen(({ source, detail }) => {
    if (source === "aws.athena" && JSON.stringify(detail).includes(queryExecutionId)) resolve();
  });
  const disarm = home.clock.at(home.clock.now() + CHECK_AGAIN_MS, resolve);
  return {
    change: promise,
    cancel: () => {
      unsubscribe();
      disarm();
    },
  };
}

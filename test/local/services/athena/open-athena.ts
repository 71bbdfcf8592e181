/** A home with Athena, Glue and S3, a bucket of data, a database and a way to ask. */
import {
  AthenaClient,
  CreateWorkGroupCommand,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  type StartQueryExecutionInput,
} from "@aws-sdk/client-athena";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { DeliveredEvent } from "../../../../local/define-service.ts";
import { type Home, openHome } from "../../../../local/index.ts";
import { athena } from "../../../../local/services/athena/index.ts";
import { glue } from "../../../../local/services/glue/index.ts";
import { s3 } from "../../../../local/services/s3/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

export interface OpenAthena {
  home: Home;
  client: AthenaClient;
  s3: S3Client;
  events: DeliveredEvent[];
  put(key: string, body: string | Uint8Array): Promise<void>;
  /** Resolves with the query as it ended. */
  run(sql: string, more?: Partial<StartQueryExecutionInput>, client?: AthenaClient): Promise<QueryExecution>;
  /** The rows of a query that must succeed, header first. */
  rows(sql: string, more?: Partial<StartQueryExecutionInput>): Promise<(string | undefined)[][]>;
  /** A client as a role that may only do `actions`. */
  as(actions: string[]): AthenaClient;
  close(): Promise<void>;
}

export async function openAthena(): Promise<OpenAthena> {
  const directory = temporaryFolder("athena");
  const home = await openHome({ directory, services: [s3, glue, athena] });
  const allowed = new Map<string, string[]>();
  home.ports.policies.setRoleSource((roleArn) => ({
    roleArn,
    policies: [
      {
        name: "p",
        document: {
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Action: allowed.get(roleArn) ?? [], Resource: "*" }],
        },
      },
    ],
    trust: {},
  }));
  await home.start();
  const client = new AthenaClient(home.clientConfig());
  const s3Client = new S3Client(home.clientConfig());
  const events: DeliveredEvent[] = [];
  home.ports.listen((event) => events.push(event));
  for (const Bucket of ["data", "results"]) await s3Client.send(new CreateBucketCommand({ Bucket }));
  const ResultConfiguration = { OutputLocation: "s3://results/r/" };
  await client.send(new CreateWorkGroupCommand({ Name: "wg", Configuration: { ResultConfiguration } }));

  const run: OpenAthena["run"] = async (QueryString, more = {}, as = client) => {
    const ended = new Map<string, () => void>();
    const seen = new Set<string>();
    const stop = home.ports.listen(({ detail }) => {
      const { queryExecutionId = "", currentState = "" } = Object(detail);
      if (!["SUCCEEDED", "FAILED", "CANCELLED"].includes(currentState)) return;
      seen.add(queryExecutionId);
      ended.get(queryExecutionId)?.();
    });
    const input = { WorkGroup: "wg", QueryExecutionContext: { Database: "shop" }, QueryString, ...more };
    const { QueryExecutionId = "" } = await as.send(new StartQueryExecutionCommand(input));
    await new Promise<void>((resolve) =>
      seen.has(QueryExecutionId) ? resolve() : ended.set(QueryExecutionId, resolve),
    );
    stop();
    const { QueryExecution = {} } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    return QueryExecution;
  };
  return {
    home,
    client,
    s3: s3Client,
    events,
    run,
    async put(Key, Body) {
      await s3Client.send(new PutObjectCommand({ Bucket: "data", Key, Body }));
    },
    async rows(sql, more) {
      const query = await run(sql, more);
      if (query.Status?.State !== "SUCCEEDED") throw new Error(`${sql}: ${query.Status?.StateChangeReason}`);
      const page = await client.send(new GetQueryResultsCommand({ QueryExecutionId: query.QueryExecutionId }));
      return (page.ResultSet?.Rows ?? []).map((row) => (row.Data ?? []).map(({ VarCharValue }) => VarCharValue));
    },
    as(actions) {
      const roleArn = `arn:aws:iam::000000000000:role/reader-${allowed.size}`;
      allowed.set(roleArn, actions);
      const { accessKeyId, secretAccessKey, sessionToken } = home.ports.credentialsFor(roleArn, "s");
      return new AthenaClient({ ...home.clientConfig(), credentials: { accessKeyId, secretAccessKey, sessionToken } });
    },
    async close() {
      client.destroy();
      s3Client.destroy();
      await home.close();
    },
  };
}

export const ORDERS_DDL = `CREATE EXTERNAL TABLE orders (id bigint, customer string, amount double, placed date)
ROW FORMAT DELIMITED FIELDS TERMINATED BY ',' LOCATION 's3://data/orders/' TBLPROPERTIES ('skip.header.line.count'='1')`;
export const ORDERS_CSV =
  "id,customer,amount,placed\n1,ann,10.5,2024-01-01\n2,bob,20,2024-02-01\n3,ann,oops,2024-03-01\n";

/** StartQueryExecution: what is wrong with the request is said now, what is wrong with the query when it runs. */
import type { StartQueryExecutionInput } from "@aws-sdk/client-athena";
import { AwsError } from "../../aws-error.ts";
import type { Principal } from "../../principal.ts";
import { principalArn } from "../../principal.ts";
import type { Athena } from "./context.ts";
import { invalidRequest } from "./errors.ts";
import { splitUri } from "./object-cache.ts";
import { expandExecute } from "./prepared-sql.ts";
import { enter } from "./query-life.ts";
import type { QueryRunner } from "./query-runner.ts";
import type { Query } from "./query-store.ts";
import { parseStatement } from "./sql/parse-statement.ts";
import { QueryError } from "./sql/query-error.ts";
import { type Statement, statementType } from "./sql/statement.ts";

const LONGEST_QUERY = 262_144;

/** Returns the query's id; the same for the same token. */
export async function startQuery(
  athena: Athena,
  runner: QueryRunner,
  input: StartQueryExecutionInput,
  principal: Principal,
): Promise<string> {
  const { home, queries, workGroups } = athena;
  const token = input.ClientRequestToken && `${principalArn(principal)}|${input.ClientRequestToken}`;
  const request = JSON.stringify([
    input.QueryString,
    input.QueryExecutionContext,
    input.ExecutionParameters,
    input.WorkGroup,
  ]);
  const known = token ? queries.byToken(token) : undefined;
  if (known !== undefined) {
    if (known.request === request) return known.queryId;
    throw invalidRequest("Idempotent parameters do not match");
  }
  const text = input.QueryString ?? "";
  if (text.trim() === "" || text.length > LONGEST_QUERY) {
    throw invalidRequest(`QueryString must have 1 to ${LONGEST_QUERY} characters, this one has ${text.length}`);
  }
  const catalog = input.QueryExecutionContext?.Catalog ?? "awsdatacatalog";
  if (catalog.toLowerCase() !== "awsdatacatalog") throw invalidRequest(`DataCatalog ${catalog} was not found`);
  const group = workGroups.get(input.WorkGroup ?? "primary");
  if (group.state === "DISABLED") throw invalidRequest(`WorkGroup ${group.name} is disabled.`);
  const { location, encryption } = outputOf(group.configuration, input);
  await checkBucket(athena, location, principal);
  const id = home.uuid();
  const prepared = expandExecute(athena, group.name, text, input.ExecutionParameters ?? []);
  const { kind, type } = kindOf(prepared?.text ?? text);
  const reuse = input.ResultReuseConfiguration?.ResultReuseByAgeConfiguration;
  const query: Query = {
    id,
    text,
    parameters: input.ExecutionParameters ?? [],
    ...(prepared === undefined ? {} : { prepared }),
    ...(reuse === undefined
      ? {}
      : { reuse: { enabled: reuse.Enabled ?? false, maxAgeInMinutes: reuse.MaxAgeInMinutes } }),
    // awswrangler quotes it for statements of Hive's dialect, and Athena takes it so.
    database: (input.QueryExecutionContext?.Database ?? "").replace(/^`(.*)`$/, "$1").toLowerCase(),
    workGroup: group.name,
    outputFolder: location,
    encryption,
    principal,
    statementType: type,
    kind,
    state: "QUEUED",
    sequence: 0,
    submittedMs: home.clock.now(),
    outputLocation: `${location}${id}${kind === "select" ? ".csv" : type === "DML" ? "" : ".txt"}`,
  };
  home.store.transaction(() => {
    if (token) queries.putToken(token, id, request);
    runner.submit(enter(athena, query, "QUEUED"));
  });
  return id;
}

function outputOf(group: ReturnType<Athena["workGroups"]["get"]>["configuration"], input: StartQueryExecutionInput) {
  const own = group.ResultConfiguration;
  // AWS enforces a workgroup's settings unless it was told not to.
  const enforced = group.EnforceWorkGroupConfiguration ?? true;
  const client = enforced && own?.OutputLocation !== undefined ? undefined : input.ResultConfiguration;
  const location = client?.OutputLocation ?? own?.OutputLocation;
  if (location === undefined) {
    throw invalidRequest(
      "No output location provided. An output location is required either through the Workgroup result configuration setting or as an API input.",
    );
  }
  return {
    location: location.endsWith("/") ? location : `${location}/`,
    encryption: client?.EncryptionConfiguration ?? own?.EncryptionConfiguration,
  };
}

async function checkBucket({ home }: Athena, location: string, principal: Principal): Promise<void> {
  if (!/^s3:\/\/[^/]/.test(location)) throw invalidRequest("outputLocation is not a valid S3 path.");
  const { bucket } = splitUri(location);
  try {
    await home.call("s3", "GetBucketLocation", { Bucket: bucket }, principal);
  } catch (thrown) {
    if (!(thrown instanceof AwsError)) throw thrown;
    throw invalidRequest(`Unable to verify/create output bucket ${bucket}: ${thrown.message}`);
  }
}

/** Where the statement says that a table's data lies. */
function locationsOf(statement: Statement): string[] {
  if (statement.kind === "create-table" || statement.kind === "set-location") return [statement.location];
  if (statement.kind !== "add-partitions") return [];
  return statement.partitions.flatMap(({ location }) => (location === undefined ? [] : [location]));
}

function checkLocation(location: string): void {
  try {
    splitUri(location);
  } catch (thrown) {
    throw thrown instanceof QueryError ? invalidRequest(thrown.message) : thrown;
  }
}

/** A statement that cannot be read fails when it runs, as a query; here it only needs a kind. */
function kindOf(text: string): { kind: string; type: Query["statementType"] } {
  try {
    const statement = parseStatement(text);
    for (const location of locationsOf(statement)) checkLocation(location);
    return { kind: statement.kind, type: statementType(statement) };
  } catch (thrown) {
    if (thrown instanceof QueryError) return { kind: "unknown", type: "DDL" };
    throw thrown;
  }
}

/** Queries and their states. What is QUEUED or RUNNING here when the home starts is run again: every statement is built so that doing it twice does it once. */
import type { HomePorts } from "../../define-service.ts";
import type { Principal } from "../../principal.ts";
import type { ColumnInfo } from "./engine/protocol.ts";
import { invalidRequest } from "./errors.ts";

export type QueryState = "QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED";

export interface Query {
  id: string;
  text: string;
  parameters: string[];
  /** What an EXECUTE stands for, as the prepared statement was when the query was sent. */
  prepared?: { text: string; parameters: string[] };
  /** As asked for; no result is ever used again here. */
  reuse?: { enabled: boolean; maxAgeInMinutes: number | undefined };
  /** Empty when the request named none. */
  database: string;
  workGroup: string;
  /** s3:// URI of the result file's folder, ending with "/". */
  outputFolder: string;
  encryption: { EncryptionOption?: string | undefined; KmsKey?: string | undefined } | undefined;
  principal: Principal;
  statementType: "DML" | "DDL" | "UTILITY";
  kind: string;
  state: QueryState;
  /** Count of state changes, for the events. */
  sequence: number;
  submittedMs: number;
  startedMs?: number;
  completedMs?: number;
  reason?: string;
  /** 1 system, 2 user, 3 other. */
  errorCategory?: number;
  scannedBytes?: number;
  outputLocation: string;
  manifestLocation?: string;
  columns?: ColumnInfo[];
}

export interface QueryStore {
  /** @throws AwsError InvalidRequestException */
  get(id: string): Query;
  find(id: string): Query | undefined;
  put(query: Query): void;
  ofWorkGroup(name: string): Query[];
  unfinished(): Query[];
  byToken(token: string): { queryId: string; request: string } | undefined;
  putToken(token: string, queryId: string, request: string): void;
}

export function createQueryStore({ store }: HomePorts): QueryStore {
  const find = store.prepare("SELECT body FROM athena_queries WHERE id = ?");
  const put = store.prepare("INSERT OR REPLACE INTO athena_queries VALUES (?, ?, ?, ?, ?)");
  const group = store.prepare(
    "SELECT body FROM athena_queries WHERE work_group = ? ORDER BY submitted_ms DESC, rowid DESC",
  );
  const open = store.prepare(
    "SELECT body FROM athena_queries WHERE state IN ('QUEUED', 'RUNNING') ORDER BY submitted_ms",
  );
  const token = store.prepare("SELECT query_id, request FROM athena_tokens WHERE token = ?");
  const putToken = store.prepare("INSERT INTO athena_tokens VALUES (?, ?, ?)");
  const read = (row: { body?: unknown } | undefined): Query | undefined =>
    row === undefined ? undefined : JSON.parse(String(row.body));
  const all = (rows: { body?: unknown }[]) => rows.map((row): Query => JSON.parse(String(row.body)));
  return {
    find: (id) => read(find.get(id)),
    get(id) {
      const query = read(find.get(id));
      if (query === undefined) throw invalidRequest(`QueryExecution ${id} was not found`);
      return query;
    },
    put: (query) => void put.run(query.id, query.workGroup, query.state, query.submittedMs, JSON.stringify(query)),
    ofWorkGroup: (name) => all(group.all(name)),
    unfinished: () => all(open.all()),
    byToken(value) {
      const row = token.get(value);
      return row === undefined ? undefined : { queryId: String(row.query_id), request: String(row.request) };
    },
    putToken: (value, queryId, request) => void putToken.run(value, queryId, request),
  };
}

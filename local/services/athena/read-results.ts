/** Pages of a result, read from its file in S3 as the caller; the token is the byte where the next page begins. */
import { Readable } from "node:stream";
import type { Row } from "@aws-sdk/client-athena";
import { AwsError } from "../../aws-error.ts";
import { invalidRequest } from "./errors.ts";
import { type Caller, splitUri } from "./object-cache.ts";
import type { Query } from "./query-store.ts";

const PAGE_BYTES = 2 ** 20;
const LONGEST_ROW = 64 * PAGE_BYTES;

export interface ResultPage {
  rows: Row[];
  nextToken: string | undefined;
}

/** The first row of a SELECT's first page is the header. */
export async function readPage(
  caller: Caller,
  query: Query,
  token: string | undefined,
  size: number,
): Promise<ResultPage> {
  const from = token === undefined ? 0 : Number(Buffer.from(token, "base64url").toString("utf8"));
  if (!Number.isSafeInteger(from) || from < 0) throw invalidRequest("NextToken is not valid");
  const isCsv = query.outputLocation.endsWith(".csv");
  for (let length = PAGE_BYTES; length <= LONGEST_ROW; length *= 4) {
    const { bytes, total } = await readRange(caller, query.outputLocation, from, length);
    const whole = from + bytes.length >= total;
    const parsed = isCsv ? csvRows(bytes, size, whole) : textRows(bytes, size, whole);
    if (parsed.rows.length === 0 && !whole) continue;
    const next = from + parsed.consumed;
    const nextToken = next < total ? Buffer.from(String(next)).toString("base64url") : undefined;
    return { rows: parsed.rows, nextToken };
  }
  throw invalidRequest(`a row of ${query.outputLocation} is larger than ${LONGEST_ROW} bytes`);
}

interface Parsed {
  rows: Row[];
  /** Bytes up to the end of the last row. */
  consumed: number;
}

const [QUOTE, COMMA, NEWLINE] = [0x22, 0x2c, 0x0a];

function csvRows(bytes: Buffer, limit: number, whole: boolean): Parsed {
  const rows: Row[] = [];
  let consumed = 0;
  let start = 0;
  let quoted = false;
  let cells: Row["Data"] = [];
  for (let at = 0; at < bytes.length && rows.length < limit; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) quoted = !quoted;
    if (quoted || (byte !== COMMA && byte !== NEWLINE)) continue;
    cells.push(datum(bytes.toString("utf8", start, at)));
    start = at + 1;
    if (byte === NEWLINE) {
      rows.push({ Data: cells });
      cells = [];
      consumed = at + 1;
    }
  }
  return { rows, consumed: whole && rows.length < limit ? bytes.length : consumed };
}

/** NULL is nothing at all, the empty text is a pair of quotes. */
function datum(cell: string): { VarCharValue?: string } {
  if (cell === "") return {};
  return { VarCharValue: cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell };
}

function textRows(bytes: Buffer, limit: number, whole: boolean): Parsed {
  const text = bytes.toString("utf8");
  const complete = whole ? text : text.slice(0, text.lastIndexOf("\n") + 1);
  const lines = complete.split("\n").slice(0, -1).slice(0, limit);
  const rows = lines.map((line) => ({ Data: line.split("\t").map((VarCharValue) => ({ VarCharValue })) }));
  return { rows, consumed: lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0) };
}

async function readRange({ home, principal, signal }: Caller, uri: string, from: number, length: number) {
  const { bucket, key } = splitUri(uri);
  const head = await home.call("s3", "HeadObject", { Bucket: bucket, Key: key }, principal, signal);
  const total = "ContentLength" in Object(head) ? Number(Object(head).ContentLength) : 0;
  if (from >= total) return { bytes: Buffer.alloc(0), total };
  const input = { Bucket: bucket, Key: key, Range: `bytes=${from}-${Math.min(total, from + length) - 1}` };
  const output = await home.call("s3", "GetObject", input, principal, signal);
  const body: unknown = Object(output).Body;
  if (body instanceof Uint8Array) return { bytes: Buffer.from(body), total };
  if (!(body instanceof Readable)) throw new AwsError("InternalServerException", `${uri} has no body`, { status: 500 });
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(Buffer.from(chunk));
  return { bytes: Buffer.concat(chunks), total };
}

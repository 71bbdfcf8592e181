/** A batch transform's input files, cut into records and gathered into payloads. */
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";
import type { TransformInput } from "@aws-sdk/client-sagemaker";
import { JobFailure } from "./job-failure.ts";

export interface PayloadRules {
  split: TransformInput["SplitType"];
  compression: TransformInput["CompressionType"];
  /** As many records as fit go together; otherwise each alone. */
  multiRecord: boolean;
  /** Of one payload; none where it is 0. */
  mostBytes: number;
}

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * The file's payloads, each a list of records; without a split the file is one record.
 * @param shaped what is sent of a record: that counts
 * @throws JobFailure for a record that is too large to be sent
 */
export async function* payloads(
  file: string,
  rules: PayloadRules,
  shaped: (record: Buffer) => Buffer,
): AsyncGenerator<{ records: Buffer[]; bodies: Buffer[] }> {
  let records: Buffer[] = [];
  let bodies: Buffer[] = [];
  let bytes = 0;
  const most = rules.mostBytes === 0 ? Number.POSITIVE_INFINITY : rules.mostBytes;
  for await (const record of recordsOf(file, rules)) {
    const body = shaped(record);
    if (body.length > most)
      throw new JobFailure("ClientError", `a record has ${body.length} bytes, and MaxPayloadInMB allows ${most}`);
    const full = records.length > 0 && (!rules.multiRecord || bytes + body.length + 1 > most);
    if (full) {
      yield { records, bodies };
      [records, bodies, bytes] = [[], [], 0];
    }
    records.push(record);
    bodies.push(body);
    bytes += body.length + 1;
  }
  if (records.length > 0) yield { records, bodies };
}

async function* recordsOf(file: string, { split = "None", compression }: PayloadRules): AsyncGenerator<Buffer> {
  const stored = createReadStream(file);
  const chunks = compression === "Gzip" ? stored.pipe(createGunzip()) : stored;
  if (split === "Line") return yield* lines(chunks);
  const whole: Buffer[] = [];
  for await (const chunk of chunks) whole.push(Buffer.from(chunk));
  yield Buffer.concat(whole);
}

/** Without their ends; empty ones are none. */
async function* lines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let begun: Buffer[] = [];
  for await (const chunk of chunks) {
    let rest = Buffer.from(chunk);
    for (let at = rest.indexOf(NEWLINE); at !== -1; at = rest.indexOf(NEWLINE)) {
      const line = withoutReturn(Buffer.concat([...begun, rest.subarray(0, at)]));
      if (line.length > 0) yield line;
      begun = [];
      rest = rest.subarray(at + 1);
    }
    begun.push(rest);
  }
  const last = withoutReturn(Buffer.concat(begun));
  if (last.length > 0) yield last;
}

function withoutReturn(line: Buffer): Buffer {
  return line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
}

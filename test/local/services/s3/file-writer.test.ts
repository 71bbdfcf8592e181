import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fc, it as property } from "@fast-check/vitest";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FileWriter } from "../../../../local/services/s3/file-writer.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tidemill-writer-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A file that takes `most` bytes at a time, as a disk that is nearly full does. */
async function sparing(most: number, file: string) {
  const handle = await open(file, "w");
  const writev: FileHandle["writev"] = async (buffers) => {
    const taken = Buffer.concat(buffers.map((one) => Buffer.from(one.buffer, one.byteOffset, one.byteLength)));
    const { bytesWritten } = await handle.write(taken.subarray(0, most));
    return { bytesWritten, buffers };
  };
  return { writev, close: () => handle.close() };
}

describe("a file written in pieces", () => {
  property.prop(
    [
      fc.array(fc.oneof(fc.uint8Array({ maxLength: 9 }), fc.constant(new Uint8Array(700_000).fill(7))), {
        maxLength: 6,
      }),
      fc.constantFrom(300_001, 2 ** 20),
    ],
    { numRuns: 20 },
  )("holds them all in order, however little a write takes", async (pieces, most) => {
    const file = join(folder, "pieces");
    const handle = await sparing(most, file);
    const writer = new FileWriter(handle);
    for (const piece of pieces) await writer.write(piece);
    await writer.end();
    await handle.close();
    expect(readFileSync(file).equals(Buffer.concat(pieces))).toBe(true);
  });

  it("fails with what a write failed with", async () => {
    const full = Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    const writer = new FileWriter({ writev: () => Promise.reject(full) });
    await writer.write(new Uint8Array(2 ** 20));
    await expect(writer.end()).rejects.toBe(full);
  });
});

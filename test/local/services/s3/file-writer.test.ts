import { readFileSync, statSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { fc, it as property } from "@fast-check/vitest";
import { beforeAll, describe, expect, it } from "vitest";
import { FileWriter } from "../../../../local/services/s3/file-writer.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

let folder: string;
beforeAll(() => {
  folder = temporaryFolder("writer");
});

/** A file that takes `most` bytes at a time, as a disk that is nearly full does. */
async function sparing(most: number, file: string) {
  const handle = await open(file, "w");
  const writev: FileHandle["writev"] = async (buffers) => {
    const taken = Buffer.concat(buffers.map((one) => Buffer.from(one.buffer, one.byteOffset, one.byteLength)));
    const { bytesWritten } = await handle.write(taken.subarray(0, most));
    return { bytesWritten, buffers };
  };
  return { writev, datasync: () => handle.datasync(), sync: () => handle.sync(), close: () => handle.close() };
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
    const grown: number[] = [];
    const writer = new FileWriter(handle, (bytes) => {
      grown.push(bytes, statSync(file).size);
    });
    for (const piece of pieces) await writer.write(piece);
    await writer.written();
    await handle.close();
    expect(readFileSync(file).equals(Buffer.concat(pieces))).toBe(true);
    expect(grown.filter((_, index) => index % 2 === 0)).toEqual(grown.filter((_, index) => index % 2 === 1));
    expect(grown.at(-1)).toBe(statSync(file).size);
  });

  it("fails with what a write failed with", async () => {
    const full = Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
    const writer = new FileWriter({ ...working(), writev: () => Promise.reject(full) }, () => undefined);
    await writer.write(new Uint8Array(2 ** 20));
    await expect(writer.written()).rejects.toBe(full);
  });

  it("is sent to the disk while it grows, and once more when it is whole", async () => {
    const synced: string[] = [];
    const handle = {
      ...working(),
      datasync: async () => void synced.push("what there is"),
      sync: async () => void synced.push("all"),
    };
    const writer = new FileWriter(handle, () => undefined);
    for (let megabyte = 0; megabyte < 9; megabyte++) {
      await writer.write(new Uint8Array(2 ** 20));
      await writer.written();
    }
    expect(synced).toEqual(["what there is", "what there is"]);
    await writer.synced();
    expect(synced.at(-1)).toBe("all");
  });

  it("is not on the disk when that failed while it grew: the system tells of it once", async () => {
    const broken = Object.assign(new Error("input/output error"), { code: "EIO" });
    const writer = new FileWriter({ ...working(), datasync: () => Promise.reject(broken) }, () => undefined);
    await writer.write(new Uint8Array(8 * 2 ** 20));
    await writer.written();
    await expect(writer.synced()).rejects.toBe(broken);
  });
});

/** A file whose disk takes all it is given. */
function working(): ConstructorParameters<typeof FileWriter>[0] {
  return {
    writev: async (buffers) => ({
      bytesWritten: buffers.reduce((sum, { byteLength }) => sum + byteLength, 0),
      buffers,
    }),
    datasync: async () => undefined,
    sync: async () => undefined,
  };
}

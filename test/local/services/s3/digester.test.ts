import { createHash } from "node:crypto";
import { appendFileSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Digester } from "../../../../local/services/s3/digester.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { type ManualClock, manualClock } from "../../manual-clock.ts";

const LARGE = 8 * 2 ** 20;
const onLinux = it.runIf(process.platform === "linux");
const bytes = Buffer.alloc(1000, "tide");
const MD5 = createHash("md5").update(bytes).digest("base64");

let folder: string;
let file: string;
let clock: ManualClock;
let digester: Digester;
beforeEach(() => {
  folder = temporaryFolder("digester");
  file = join(folder, "file");
  writeFileSync(file, "");
  clock = manualClock("2026-11-30T12:00:00Z");
  digester = new Digester(clock);
});
afterEach(() => {
  digester.close();
});

/** How many threads of the digesters' this process has. */
function threads(): number {
  const names = readdirSync("/proc/self/task").map((id) => {
    try {
      return readFileSync(`/proc/self/task/${id}/comm`, "utf8").trim();
    } catch {
      return "";
    }
  });
  return names.filter((name) => name === "checksums").length;
}

/** Writes the file in two halves, telling of each as whoever writes does. */
async function digested(expectedBytes: number | undefined) {
  const digest = await digester.start(file, ["MD5", "CRC32"], expectedBytes);
  for (const half of [bytes.subarray(0, 300), bytes.subarray(300)]) {
    digest.update(half);
    appendFileSync(file, half);
    digest.written(half.length === 300 ? 300 : bytes.length);
  }
  return await digest.end();
}

describe("the checksums of a file that is written", () => {
  it.each([
    { of: "a small one, on the way", expectedBytes: 1000 },
    { of: "one nobody knows the size of, on the way", expectedBytes: undefined },
    { of: "a large one, out of the file", expectedBytes: LARGE },
  ])("are those of its bytes: $of", async ({ expectedBytes }) => {
    expect((await digested(expectedBytes))[0]).toBe(MD5);
  });

  onLinux("start a thread for a large file only, which ends a minute after the last one", async () => {
    // Those of earlier tests end in their own time.
    await expect.poll(threads).toBe(0);
    await digested(1000);
    expect(threads()).toBe(0);
    await digested(LARGE);
    expect(threads()).toBe(1);
    clock.advance(59_000);
    await digested(LARGE);
    clock.advance(59_000);
    expect(threads()).toBe(1);
    clock.advance(1_000);
    await expect.poll(threads).toBe(0);
    writeFileSync(file, "");
    expect((await digested(LARGE))[0]).toBe(MD5);
  });

  onLinux("start it ahead after one that is nearly as large", async () => {
    await expect.poll(threads).toBe(0);
    await digested(LARGE / 2 - 1);
    expect(threads()).toBe(0);
    writeFileSync(file, "");
    expect((await digested(LARGE / 2))[0]).toBe(MD5);
    await expect.poll(threads).toBe(1);
    clock.advance(60_000);
    await expect.poll(threads).toBe(0);
  });

  it("fail when the file is not as long as was told", async () => {
    const digest = await digester.start(file, ["MD5"], LARGE);
    digest.written(1);
    await expect(digest.end()).rejects.toThrow("expected 1 bytes in the file, found 0");
  });

  it("fail when the file cannot be read", async () => {
    const digest = await digester.start(join(folder, "none"), ["MD5"], LARGE);
    await expect(digest.end()).rejects.toThrow("ENOENT");
  });

  it("of a file that is given up keep nobody from the next", async () => {
    const digest = await digester.start(file, ["MD5"], LARGE);
    digest.drop();
    expect((await digested(LARGE))[0]).toBe(MD5);
  });

  it("fail when the home is closed meanwhile, be it before their end is asked for or after", async () => {
    const [first, second] = await Promise.all([1, 2].map(() => digester.start(file, ["MD5"], LARGE)));
    const end = first?.end();
    digester.close();
    await expect(end).rejects.toThrow("the home was closed");
    await expect(second?.end()).rejects.toThrow("ended");
  });
});

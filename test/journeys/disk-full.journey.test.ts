/** A disk that fills at what a home writes: each caller is told, nothing acknowledged is lost, and with room again it goes on. */
import { execFile } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { temporaryFolder } from "../temporary-folder.ts";
import { ROOT } from "./command.ts";

const Told = z.object({
  put: z.string(),
  completed: z.array(z.string()),
  query: z.string(),
  queryAfter: z.string(),
  store: z.string(),
  code: z.number().nullable(),
  lost: z.array(z.string()),
  putAfter: z.string(),
  said: z.string(),
});
const SIZE = "120m";
const NO_SPACE = /no space left on the home's disk .*free some and ask again: nothing acknowledged is lost/;

describe.runIf(process.platform === "linux")("a disk that fills", { timeout: 120_000 }, () => {
  let told: z.infer<typeof Told>;
  beforeAll(async () => {
    const disk = join(temporaryFolder("disk"), "disk");
    mkdirSync(disk);
    // A mount that only what is started here sees, and that ends with it: that takes no rights.
    const inside = `mount -t tmpfs -o size=${SIZE} tmpfs "$1" && shift && exec "$@"`;
    const { stdout } = await promisify(execFile)("unshare", [
      ...["--user", "--map-root-user", "--mount", "sh", "-c", inside, "sh", disk],
      ...[process.execPath, join(ROOT, "test/journeys/fill-disk.ts"), disk],
    ]);
    told = Told.parse(JSON.parse(stdout));
  }, 120_000);

  it("refuses an upload in words, and takes one when there is room", () => {
    expect(told.put).toMatch(NO_SPACE);
  });

  it("leaves an upload in parts as it was, which is completed when there is room", () => {
    expect(told.completed).toEqual([expect.stringMatching(NO_SPACE), "done"]);
  });

  it("fails the query whose result has no room, and no other", () => {
    expect(told.query).toBe(
      "FAILED GENERIC_INTERNAL_ERROR: no space left on the home's disk for what the query writes; free some and run it again",
    );
    expect(told.queryAfter).toBe("SUCCEEDED");
  });

  it("ends the home that can write nothing more, and says once why", () => {
    expect(told.store).toMatch(/could not write .*home\.db: .*free space or mend the disk, then start again/);
    expect(told.code).toBe(1);
    // By the home that met it, and by the command that ends for it.
    expect(told.said.match(/could not write/g)).toHaveLength(2);
  });

  it("has what was acknowledged, and goes on, when it is started with room again", () => {
    expect(told.lost).toEqual([]);
    expect(told.putAfter).toBe("done");
  });
});

import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../../../local/store/index.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

describe("a store on a full disk", () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder("full");
  });

  /** What write-until-full.ts tells, and the ids that are kept. */
  const fill = (...mode: string[]) => {
    const path = join(folder, "home.db");
    // A file size limit of 2 MB stands for the disk's end; the signal that would come with it is ignored.
    const script = `trap '' XFSZ; ulimit -f 2048; exec "$0" "$@"`;
    const child = spawnSync(
      "bash",
      ["-c", script, process.execPath, join(import.meta.dirname, "write-until-full.ts"), path, ...mode],
      { encoding: "utf8" },
    );
    const told = JSON.parse(child.stdout) as { acknowledged: number; name: string; message: string; later: string };
    expect(told.name).toBe("StoreFailedError");
    expect(told.message).toContain("free space or mend the disk");
    expect(told.later).toContain(told.message);
    const store = openStore(path);
    const kept = store.prepare("SELECT id FROM test_rows ORDER BY id").all();
    store.close();
    return { acknowledged: told.acknowledged, kept: kept.map(({ id }) => Number(id)) };
  };

  it("refuses what it cannot keep in words, and keeps everything it acknowledged", () => {
    const { acknowledged, kept } = fill();
    expect(acknowledged).toBeGreaterThan(10);
    expect(kept).toEqual(kept.map((_, index) => index + 1));
    expect(kept.length).toBeGreaterThanOrEqual(acknowledged);
  });

  it("keeps nothing of a batch that is larger than what is left, nor anything written after it", () => {
    expect(fill("one-batch")).toEqual({ acknowledged: 1, kept: [1] });
  });
});

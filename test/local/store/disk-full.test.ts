import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openStore } from "../../../local/store/index.ts";

describe("a store on a full disk", () => {
  const folder = mkdtempSync(join(tmpdir(), "tidemill-full-"));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("refuses what it cannot keep in words, and keeps everything it acknowledged", () => {
    const path = join(folder, "home.db");
    // A file size limit of 2 MB stands for the disk's end; the signal that would come with it is ignored.
    const script = `trap '' XFSZ; ulimit -f 2048; exec "$0" "$@"`;
    const child = spawnSync(
      "bash",
      ["-c", script, process.execPath, join(import.meta.dirname, "write-until-full.ts"), path],
      { encoding: "utf8" },
    );
    const told = JSON.parse(child.stdout) as { acknowledged: number; name: string; message: string };
    expect(told.name).toBe("StoreFailedError");
    expect(told.message).toContain("free space or mend the disk");
    expect(told.acknowledged).toBeGreaterThan(10);
    const store = openStore(path);
    const rows = store.prepare("SELECT count(*) AS n, max(id) AS last FROM test_rows").get();
    expect(rows?.last).toBe(rows?.n);
    expect(Number(rows?.n)).toBeGreaterThanOrEqual(told.acknowledged);
    store.close();
  });
});

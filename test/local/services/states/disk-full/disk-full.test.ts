import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../../temporary-folder.ts";
import { checkGoesOn } from "./check-full.ts";

describe("executions whose disk fills up on the way", () => {
  let directory: string;
  beforeEach(() => {
    directory = temporaryFolder("full");
  });

  // A limit on the size of a file stands for the disk's end; the signal that would come with it is ignored.
  it.each([1500, 3000])(
    "go on when there is space again, and nothing acknowledged is lost (%i KB)",
    async (kilobytes) => {
      const script = `trap '' XFSZ; ulimit -f ${kilobytes}; exec "$0" "$@"`;
      const child = join(import.meta.dirname, "run-until-full.ts");
      const ran = spawnSync("bash", ["-c", script, process.execPath, child, directory], { encoding: "utf8" });
      expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: "" });
      await checkGoesOn(directory, ran.stdout);
    },
  );
});

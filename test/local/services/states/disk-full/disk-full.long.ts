import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { temporaryFolder } from "../../../../temporary-folder.ts";
import { checkGoesOn } from "./check-full.ts";

/** Mounts a file system of that size, runs the program in it, and takes what is left in it out. */
const SCRIPT = `
  mount -t tmpfs -o size="$1" none "$2" || exit 77
  "$3" "$4" "$2"
  status=$?
  cp -a "$2/." "$5"
  exit $status`;

describe("executions on a file system that has no space left", () => {
  let directory: string;
  let left: string;
  beforeEach(() => {
    directory = temporaryFolder("full");
    left = temporaryFolder("left");
  });

  it.each(["1500k", "2m", "4m", "8m"])(
    "go on when there is space again, and nothing acknowledged is lost (%s)",
    async (size) => {
      const child = join(import.meta.dirname, "run-until-full.ts");
      // A mount of one's own needs no root where user namespaces are allowed.
      const unshare = ["--user", "--map-root-user", "--mount", "sh", "-c", SCRIPT, "sh"];
      const ran = spawnSync("unshare", [...unshare, size, directory, process.execPath, child, left], {
        encoding: "utf8",
      });
      expect({ status: ran.status, stderr: ran.stderr }).toEqual({ status: 0, stderr: "" });
      expect(ran.stdout).toContain("database or disk is full");
      cpSync(left, directory, { recursive: true });
      await checkGoesOn(directory, ran.stdout);
    },
  );
});

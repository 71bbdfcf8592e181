#!/usr/bin/env -S MALLOC_ARENA_MAX=2 MALLOC_TRIM_THRESHOLD_=131072 node --max-semi-space-size=4 --heap-growing-percent=60
// The young generation is kept small, and freed memory is given back (glibc reads its variables at a process's start only):
// an idle home would hold what its busiest moment took. The old one may grow by 60 %: V8's own step collects it three times in
// a lifecycle, for next to nothing.
// Runs cli/main.ts on Node 24, which runs TypeScript as it is: the one started with, or the one npm installed beside it.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const main = join(root, "cli", "main.ts");
const major = Number(process.versions.node.split(".")[0]);

// Compiled code is kept, of this process and of those it starts: the next start does not parse again.
process.env.NODE_COMPILE_CACHE ??= join(root, "node_modules", ".cache", "tidemill", "compiled");

// npm and npx do not pass a signal on, and whoever ends them means this command.
if (process.env.npm_command !== undefined) {
  const starter = process.ppid;
  setInterval(() => {
    if (process.ppid !== starter) process.kill(process.pid, "SIGTERM");
  }, 500).unref();
}

if (major >= 24) {
  module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
  await import(main);
} else {
  const node24 = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node");
  if (!existsSync(node24)) {
    process.stderr.write(
      `tidemill needs Node 24 and found ${process.version}: run "npm ci" in ${root}, which brings it along\n`,
    );
    process.exit(1);
  }
  const child = spawn(
    node24,
    ["--max-semi-space-size=4", "--heap-growing-percent=60", main, ...process.argv.slice(2)],
    {
      // The fourth closes when this process is gone, and takes the other along: see cli/lifeline.ts.
      stdio: ["inherit", "inherit", "inherit", "pipe"],
      env: { MALLOC_ARENA_MAX: "2", MALLOC_TRIM_THRESHOLD_: "131072", ...process.env, TIDEMILL_LIFELINE: "3" },
    },
  );
  for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  // As a shell tells of a command that a signal ended.
  child.on("exit", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

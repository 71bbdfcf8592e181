/** `kill -9` of a home that has everything it keeps ready at hand: no process outlives it but jobs, which the next home takes up. */
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";
import { ROOT, tidemill, type Up, up } from "./command.ts";
import { SAMPLE } from "./credit-data.ts";

/** The query process, and where jobs are forked, the interpreter that waits for them. */
const KEPT = process.platform === "linux" ? ["engine-main.ts", "interpreter.py"] : ["engine-main.ts"];
const GONE_WITHIN_MS = 20_000;

let folder: string;
let home: Up;

beforeEach(async () => {
  folder = temporaryFolder("orphans");
  home = await up(join(folder, "home"));
});
afterEach(() => home.kill());

it("leaves no process behind when it is killed with its query process, interpreters and functions warm", {
  timeout: 300_000,
}, async () => {
  const published = await tidemill(join(folder, "home"), "publish", "credit-card", SAMPLE);
  expect(published.json).toMatchObject({ outcome: "retrained" });
  const kept = familyOf(home.process.pid ?? 0);
  for (const program of KEPT) expect(kept.map(({ command }) => command).join("\n")).toContain(program);
  await home.kill();
  await vi.waitFor(() => expect(kept.filter(({ pid }) => runs(pid))).toEqual([]), {
    timeout: GONE_WITHIN_MS,
    interval: 50,
  });
});

/** What an older Node says of itself, which makes the command start the Node it brings along. */
const OLDER_NODE = `data:text/javascript,Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.0.0" } });`;

it("ends with the older Node that started it, so that the next one may open the home", {
  timeout: 300_000,
}, async () => {
  const bin = join(ROOT, "cli", "bin", "tidemill.js");
  const started = join(folder, "started");
  const child = spawn(process.execPath, ["--import", OLDER_NODE, bin, "--home", started, "--json", "up"], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const [brought] = familyOf(child.pid ?? 0);
  child.kill("SIGKILL");
  await vi.waitFor(() => expect(runs(brought?.pid ?? 0)).toBe(false), { timeout: GONE_WITHIN_MS, interval: 50 });
  const next = await up(started);
  await next.stop();
});

interface Process {
  pid: number;
  parent: number;
  /** As ps tells it: one that ended and was not asked after is Z. */
  state: string;
  command: string;
}

/** Every process that `pid` started, directly or not. */
function familyOf(pid: number): Process[] {
  const all = processes();
  const family = new Set([pid]);
  for (const id of family) for (const { pid: child, parent } of all) if (parent === id) family.add(child);
  return all.filter((one) => one.pid !== pid && family.has(one.pid));
}

function runs(pid: number): boolean {
  return processes().some((one) => one.pid === pid && !one.state.startsWith("Z"));
}

function processes(): Process[] {
  const table = execFileSync("ps", ["-A", "-o", "pid=,ppid=,stat=,args="], { encoding: "utf8" });
  return table
    .trim()
    .split("\n")
    .map((line) => {
      const [pid, parent, state = "", ...command] = line.trim().split(/\s+/);
      return { pid: Number(pid), parent: Number(parent), state, command: command.join(" ") };
    });
}

/** npm passes no signal on to what it starts. */
const LIKE_NPM = `require("node:child_process").spawn(process.execPath, process.argv.slice(1), { stdio: "inherit" });`;

it("ends with the npx that started it", { timeout: 300_000 }, async () => {
  const bin = join(ROOT, "cli", "bin", "tidemill.js");
  const started = join(folder, "by npx");
  const child = spawn(process.execPath, ["-e", LIKE_NPM, bin, "--home", started, "--json", "up"], {
    cwd: ROOT,
    env: { ...process.env, npm_command: "exec" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  const [running] = familyOf(child.pid ?? 0);
  child.kill("SIGTERM");
  await vi.waitFor(() => expect(runs(running?.pid ?? 0)).toBe(false), { timeout: GONE_WITHIN_MS, interval: 50 });
  const next = await up(started);
  await next.stop();
});

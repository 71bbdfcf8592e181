/** What can go wrong around a home, and what the command says of it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";
import { ROOT, tidemill, type Up, up } from "./command.ts";
import { SAMPLE } from "./credit-data.ts";

describe("faults around a home", { timeout: 300_000 }, () => {
  let folder: string;
  beforeAll(() => {
    folder = temporaryFolder("faults");
  });

  it("says that a port is taken, and by what option to choose another", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = server.address();
    const port = typeof address === "object" ? String(address?.port) : "";
    const ended = await tidemill(join(folder, "port"), "--port", port, "up");
    server.close();
    expect(ended.code).toBe(1);
    expect(ended.stderr).toContain(`port ${port} is taken`);
    expect(ended.stderr).toContain("--port");
  });

  it("says that a home is open in another process, and serves on", async () => {
    const home = join(folder, "twice");
    const first: Up = await up(home);
    const second = await tidemill(home, "up");
    expect(second.code).toBe(1);
    expect(second.stderr).toContain("is open in another process");
    expect((await tidemill(home, "executions", "list")).json).toEqual([]);
    await first.stop();
  });

  it.skipIf(process.platform !== "linux")("says that a home is stopped, and answers once it goes on", async () => {
    const home = join(folder, "stopped");
    const running = await up(home);
    running.process.kill("SIGSTOP");
    const child = spawn(process.execPath, [join(ROOT, "cli/bin/tidemill.js"), "--home", home, "executions", "list"]);
    const [first] = await once(createInterface({ input: child.stderr }), "line");
    const ended = once(child, "close");
    running.process.kill("SIGCONT");
    expect(first).toBe(
      `the home (pid ${running.process.pid}) is stopped, and answers once it goes on: kill -CONT ${running.process.pid}`,
    );
    expect(await ended).toEqual([0, null]);
    await running.stop();
  });

  describe("where Python is missing", () => {
    const NEEDED = /^jobs need Python 3\.10 or later with venv \(.*\); get it by .*/;
    beforeAll(() => vi.stubEnv("TIDEMILL_PYTHON", join(ROOT, "no-such-python")));
    beforeEach(() => vi.stubEnv("TIDEMILL_ENVIRONMENTS", undefined));
    afterAll(() => vi.unstubAllEnvs());

    it("fails the lifecycle for it, and says so in one line with the way to get it", async () => {
      const ended = await tidemill(join(folder, "python"), "publish", "credit-card", SAMPLE);
      expect(ended.code).toBe(1);
      expect(ended.stderr).toMatch(/Python.*3\.10/);
      expect(ended.json).toMatchObject({
        status: "FAILED",
        reason: expect.stringMatching(/^ClientError: jobs need Python 3\.10/),
      });
    });

    it("does not begin the main job", async () => {
      const home = join(folder, "python-for-start");
      const ended = await tidemill(home, "start", "--once");
      expect(ended.code).toBe(1);
      expect(ended.json).toEqual({ error: expect.stringMatching(NEEDED) });
      expect(ended.stderr.trim().split("\n")).toEqual([expect.stringMatching(/^tidemill: jobs need Python/)]);
      expect(existsSync(home)).toBe(false);
    });

    it("is named by doctor", async () => {
      const { code, json } = await tidemill(join(folder, "doctor"), "doctor");
      expect(code).toBe(1);
      expect(json).toMatchObject({
        checks: expect.arrayContaining([
          { name: "Python with venv", ok: false, found: "none ≥ 3.10", remedy: expect.stringMatching(NEEDED) },
        ]),
      });
    });
  });

  it("tells wrong usage from failure by its exit code", async () => {
    expect((await tidemill(join(folder, "usage"), "publish")).code).toBe(2);
    expect((await tidemill(join(folder, "usage"), "no-such-command")).code).toBe(2);
    expect((await tidemill(join(folder, "usage"), "env")).code).toBe(1);
  });
});

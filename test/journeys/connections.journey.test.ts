/** A home that may open few files, and clients that open as many connections as they can. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, it } from "vitest";
import { z } from "zod";
import { temporaryFolder } from "../temporary-folder.ts";
import { ROOT, tidemill } from "./command.ts";
import { SAMPLE } from "./credit-data.ts";

const FILES = 256;
const Line = z.looseObject({ endpoint: z.string() });

it.runIf(process.platform === "linux")(
  "others are answered, jobs too, while 400 idle connections are open to a home of 256 files",
  { timeout: 300_000 },
  async () => {
    const home = join(temporaryFolder("connections"), "home");
    const bin = join(ROOT, "cli/bin/tidemill.js");
    const running = spawn("sh", [
      "-c",
      `ulimit -n ${FILES}; exec "$@"`,
      "sh",
      process.execPath,
      bin,
      "--home",
      home,
      "--json",
      "up",
    ]);
    const ended = once(running, "close");
    const said: Buffer[] = [];
    running.stderr.on("data", (chunk: Buffer) => said.push(chunk));
    const [line] = await once(createInterface({ input: running.stdout }), "line");
    const port = Number(new URL(Line.parse(JSON.parse(String(line))).endpoint).port);
    const sockets: Socket[] = [];
    for (let made = 0; made < 400; made += 50)
      sockets.push(...(await Promise.all(Array.from({ length: 50 }, () => idle(port)))));
    const published = await tidemill(home, "publish", "credit-card", SAMPLE);
    for (const socket of sockets) socket.destroy();
    running.kill("SIGTERM");
    await ended;
    expect(published).toMatchObject({ code: 0, json: { outcome: "retrained" } });
    expect(Buffer.concat(said).toString()).toContain("256 files may be open here, so 128 connections at most");
  },
);

async function idle(port: number): Promise<Socket> {
  const socket = connect(port, "127.0.0.1").on("error", () => undefined);
  await once(socket, "connect");
  return socket;
}

/** Commands that find no home: one stands it up for all, and it stays until the last is done. */
import { connect } from "node:net";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openHome } from "../../local/home.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { tidemill } from "./command.ts";

it("each of eight commands at once does its work, though none of them found a home", { timeout: 120_000 }, async () => {
  const home = join(temporaryFolder("at-once"), "home");
  const ended = await Promise.all(Array.from({ length: 8 }, () => tidemill(home, "executions", "list")));
  expect(ended.map(({ code, json }) => ({ code, json }))).toEqual(Array(8).fill({ code: 0, json: [] }));
});

it("a home counts those who use it, until they are done", async () => {
  const home = await openHome({ directory: temporaryFolder("guests"), services: [] });
  const { port } = new URL(home.endpoint);
  const guest = connect(Number(port), "127.0.0.1");
  const heard = new Promise((resolve) => guest.once("data", resolve));
  guest.write(`GET /_tidemill/guest HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`);
  await heard;
  expect(home.guests.count).toBe(1);
  guest.destroy();
  await home.guests.left();
  expect(home.guests.count).toBe(0);
  await home.close();
});

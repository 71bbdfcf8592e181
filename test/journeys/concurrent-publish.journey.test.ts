/** Two people who publish at once: each is told of its own data, or that the other's took its place. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { temporaryFolder } from "../temporary-folder.ts";
import { homeClients } from "./aws-clients.ts";
import { type Ended, tidemill, type Up, up } from "./command.ts";
import { SAMPLE } from "./credit-data.ts";
import { come, holding } from "./holding.ts";

const [header = "", ...rows] = readFileSync(SAMPLE, "utf8").trimEnd().split("\n");
const Version = z.looseObject({ dataVersion: z.string() });

describe("publishing at once", { timeout: 120_000 }, () => {
  let folder: string;
  let home: string;
  let running: Up;
  const publish = (path: string, ...words: string[]) => tidemill(home, "publish", "credit-card", path, ...words);
  const versionOf = (json: unknown) => Version.parse(json).dataVersion;

  /** A folder of that name, in a place of its own, with so many rows more than the sample, in many files. */
  function loans(place: string, more: number): string {
    const at = join(folder, place, "loans");
    mkdirSync(at, { recursive: true });
    const all = [...rows, ...rows.slice(0, more)];
    for (let first = 0; first < all.length; first += 100)
      writeFileSync(
        join(at, `${String(first).padStart(4, "0")}.asc`),
        `${[header, ...all.slice(first, first + 100)].join("\n")}\n`,
      );
    return at;
  }

  beforeAll(async () => {
    folder = temporaryFolder("at-once");
    home = join(folder, "home");
    running = await up(home);
    await publish(SAMPLE, "--no-follow");
  });
  afterAll(async () => {
    await running?.stop();
  });

  it("the same folder twice is one version and one lifecycle", async () => {
    const same = loans("same", 5);
    const [one, other] = await Promise.all([publish(same), publish(same)]);
    expect([one.code, other.code]).toEqual([0, 0]);
    expect(versionOf(one.json)).toBe(versionOf(other.json));
    const listed = await tidemill(home, "executions", "list", "--state-machine", "data-product-update");
    const ran = z.array(z.looseObject({ name: z.string() })).parse(listed.json);
    expect(ran.filter(({ name }) => name.includes(versionOf(one.json)))).toHaveLength(1);
  });

  it("folders of one name with other rows are not mixed", async () => {
    const [one, other] = [loans("one", 10), loans("other", 20)];
    const atOnce = await Promise.all([publish(one), publish(other)]);
    // Whoever was replaced before its lifecycle began is told so; there is no third outcome.
    for (const { code, json } of atOnce)
      if (code !== 0) expect(json).toMatchObject({ error: expect.stringContaining("replaced by another publishing") });
    const alone = [await publish(one, "--no-follow"), await publish(other, "--no-follow")];
    atOnce.forEach(({ code, json }, index) => {
      if (code === 0) expect(versionOf(json)).toBe(versionOf(alone[index]?.json));
    });
    expect(atOnce.some(({ code }) => code === 0)).toBe(true);
  });

  it("who was replaced before a lifecycle had read it is told so, and has one when publishing again", async () => {
    const [one, other] = [loans("replaced", 30), loans("replacing", 40)];
    const clients = homeClients(home, running);
    const ended: Promise<Ended>[] = [];
    await holding(clients, "keep-version", async () => {
      for (const path of [one, other]) {
        ended.push(publish(path));
        await come(clients, ended.length, "Keep Version");
      }
    });
    const [first, second] = await Promise.all(ended);
    expect(first).toMatchObject({
      code: 1,
      json: { error: expect.stringContaining("replaced by another publishing") },
    });
    expect(second).toMatchObject({ code: 0, json: { outcome: "recorded" } });
    const again = await publish(one);
    expect(again).toMatchObject({
      code: 0,
      json: { outcome: "recorded", reason: expect.not.stringContaining("being worked on") },
    });
    expect(versionOf(again.json)).not.toBe(versionOf(second?.json));
    // Both were worked on by now, whichever the table is.
    expect(await publish(other)).toMatchObject({ code: 0, json: { outcome: "unchanged" } });
  });
});

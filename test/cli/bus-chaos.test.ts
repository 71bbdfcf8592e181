import { EventBridgeClient, ListTagsForResourceCommand } from "@aws-sdk/client-eventbridge";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { disturbBus } from "../../cli/bus-chaos.ts";
import { createTerminal } from "../../cli/terminal.ts";
import { type Home, openHome } from "../../local/home.ts";
import { events } from "../../local/services/events/index.ts";
import { temporaryFolder } from "../temporary-folder.ts";

let directory: string;
let home: Home;
let told: string[];

beforeEach(async () => {
  directory = temporaryFolder("chaos");
  home = await openHome({ directory, services: [events] });
  told = [];
});
afterEach(() => home.close());

const disturb = (settings?: string) =>
  disturbBus(home, settings, { ...createTerminal(process.stderr), line: (text) => void told.push(text) });
const tags = async () => {
  await home.start();
  const ResourceARN = "arn:aws:events:us-east-1:000000000000:event-bus/default";
  const bus = new EventBridgeClient(home.clientConfig());
  return (await bus.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags;
};

describe("tidemill up --chaos", () => {
  it("tags the default bus, and tells of it at each start until it is taken off", async () => {
    await disturb("seed=7,duplicate=0.3");
    await disturb();
    const line = "the default bus is disturbed: seed=7 duplicate=0.3; `npx tidemill up --chaos off` ends it";
    expect(told).toEqual([line, line]);
    await disturb("off");
    expect(told).toHaveLength(2);
    expect(await tags()).toEqual([]);
  });

  it("refuses settings that mean nothing as wrong usage, and leaves the bus as it was", async () => {
    await disturb("duplicate=1");
    await expect(disturb("duplicates=0.3")).rejects.toThrow(
      expect.objectContaining({ exitCode: 2, message: expect.stringContaining("--chaos duplicates=0.3: ") }),
    );
    expect(await tags()).toEqual([{ Key: "tidemill:chaos", Value: "duplicate=1" }]);
  });
});

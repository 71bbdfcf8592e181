import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineService, type HomePorts } from "../../local/define-service.ts";
import { type Home, openHome } from "../../local/home.ts";
import { StoreFailedError } from "../../local/store/index.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { type ManualClock, manualClock } from "./manual-clock.ts";

let ports: HomePorts;
const idle = defineService<typeof import("@aws-sdk/client-sfn")>({
  name: "idle",
  signingName: "states",
  iamPrefix: "states",
  sdk: () => import("@aws-sdk/client-sfn"),
  create(home) {
    ports = home;
    home.store.migrate("idle", ["CREATE TABLE idle (id INTEGER PRIMARY KEY) STRICT"]);
    return { operations: {} };
  },
});

describe("an error that nobody waits for", () => {
  let home: Home;
  let clock: ManualClock;
  let logged: string[];
  beforeEach(async () => {
    clock = manualClock("2026-01-01T00:00:00Z");
    logged = [];
    home = await openHome({
      directory: temporaryFolder("strayed"),
      services: [idle],
      clock,
      log: (level, message, { error } = {}) =>
        logged.push(`${level}: ${message}: ${String(error).split("\n")[0] ?? ""}`),
    });
  });
  afterEach(() => home.close());

  const throws = (thrown: Error) => () => {
    throw thrown;
  };

  it("is logged when a timer throws it, and other timers fire", () => {
    let fired = false;
    ports.clock.at(clock.now() + 1000, throws(new Error("a sweep that fails")));
    ports.clock.at(clock.now() + 2000, () => {
      fired = true;
    });
    clock.advance(3000);
    expect(fired).toBe(true);
    expect(logged).toEqual(["error: what was to be done at a time failed: Error: a sweep that fails"]);
  });

  it("is not told again when it is the store's", () => {
    ports.clock.at(clock.now() + 1000, throws(new StoreFailedError("the disk is full")));
    clock.advance(3000);
    expect(logged).toEqual([]);
  });

  it("keeps nothing else from being done after the commit", async () => {
    ports.store.prepare("INSERT INTO idle VALUES (1)").run();
    ports.store.afterCommit(throws(new Error("an effect that fails")));
    const done = new Promise<string>((resolve) => ports.store.afterCommit(() => resolve("done")));
    await expect(done).resolves.toBe("done");
    expect(logged).toEqual(["error: what was to be done after a write failed: Error: an effect that fails"]);
  });
});

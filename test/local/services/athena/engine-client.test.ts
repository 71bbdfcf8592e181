import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { EngineClient } from "../../../../local/services/athena/engine/engine-client.ts";
import { type ManualClock, manualClock } from "../../manual-clock.ts";

const STUBBORN = fileURLToPath(new URL("./stubborn-engine.ts", import.meta.url));
/** As the client has it. */
const IDLE_MS = 60_000;
const never = new AbortController().signal;

let clock: ManualClock;
let engine: EngineClient;
beforeEach(() => {
  clock = manualClock("2026-01-01T00:00:00Z");
  engine = new EngineClient(clock, STUBBORN);
});
afterEach(() => engine.close());

const ask = (query: string, signal = never) => engine.perform({ kind: "analyse", query, database: "d" }, signal);

describe("the query process", () => {
  it("is ended when a query that was stopped goes on, and others start again in a new one", async () => {
    const [first] = (await ask("before")).outputs.names;
    const stop = new AbortController();
    const stopped = ask("hangs", stop.signal);
    const behind = ask("behind it");
    stop.abort(new Error("stopped"));
    await expect(stopped).rejects.toThrow("stopped");
    clock.advance(2000);
    const { sql, outputs } = await behind;
    expect(sql).toBe("behind it");
    expect(outputs.names).not.toEqual([first]);
  });

  it("goes on when a query that was stopped has ended", async () => {
    const [first] = (await ask("before")).outputs.names;
    const stop = new AbortController();
    const stopped = ask("quick", stop.signal);
    stop.abort(new Error("stopped"));
    await expect(stopped).rejects.toThrow("stopped");
    await ask("after");
    clock.advance(10_000);
    expect((await ask("later")).outputs.names).toEqual([first]);
  });

  it("is ended when it has been idle, counted from its last query", async () => {
    const [first] = (await ask("before")).outputs.names;
    for (const query of ["soon", "soon again"]) {
      clock.advance(IDLE_MS - 1);
      expect((await ask(query)).outputs.names).toEqual([first]);
    }
    clock.advance(IDLE_MS);
    expect((await ask("late")).outputs.names).not.toEqual([first]);
  });

  it("is ended when it cannot translate a query, which fails, and others start again", async () => {
    const large = ask("hangs");
    const behind = ask("behind it");
    const failed = expect(large).rejects.toThrow("GENERIC_USER_ERROR: line 1:1: the query is too large");
    clock.advance(60_000);
    await failed;
    expect((await behind).sql).toBe("behind it");
  });

  it("fails a query that it dies of twice, and performs the others", async () => {
    const dies = ask("dies");
    const beside = ask("beside it");
    await expect(dies).rejects.toThrow(
      "Query exhausted resources at this scale factor: the query process was killed 2 times under it",
    );
    expect((await beside).sql).toBe("beside it");
    expect((await ask("after")).sql).toBe("after");
  });

  it("starts again what was under way when it was killed from outside", async () => {
    const [pid] = (await ask("before")).outputs.names;
    process.kill(Number(pid), "SIGSTOP");
    const underWay = ask("under way");
    process.kill(Number(pid), "SIGKILL");
    const { sql, outputs } = await underWay;
    expect(sql).toBe("under way");
    expect(outputs.names).not.toEqual([pid]);
  });
});

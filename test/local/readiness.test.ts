import { describe, expect, it, vi } from "vitest";
import { createReadiness } from "../../local/readiness.ts";

/** A clock that stands until it is told to go on. */
function standingClock() {
  const timers = new Map<() => void, number>();
  let now = 0;
  return {
    now: () => now,
    at(atMs: number, fire: () => void) {
      timers.set(fire, atMs);
      return () => void timers.delete(fire);
    },
    goTo(ms: number) {
      now = ms;
      for (const [fire, atMs] of timers) if (atMs <= ms && timers.delete(fire)) fire();
    },
  };
}

function readiness(enabled = true) {
  const clock = standingClock();
  const heard: string[] = [];
  let event: () => void = () => undefined;
  const made = createReadiness({
    enabled,
    clock,
    listen: (listener) => {
      event = listener;
    },
    log: (_level, message) => void heard.push(message),
    collect: () => heard.push(`collected at ${clock.now()}`),
  });
  made.onWork(() => heard.push("prepared"));
  return { ...made, clock, heard, emit: () => event() };
}

describe("readiness", () => {
  it("prepares at events once the home has started, and not for its start", () => {
    const { begin, emit, heard } = readiness();
    emit();
    begin();
    expect(heard).toEqual([]);
    emit();
    emit();
    expect(heard).toEqual(["prepared", "prepared"]);
  });

  it("gives memory back once, when the last event is long past", () => {
    const { begin, emit, heard, clock } = readiness();
    begin();
    emit();
    clock.goTo(60_000);
    emit();
    clock.goTo(120_000);
    expect(heard).toEqual(["prepared", "prepared"]);
    clock.goTo(200_000);
    clock.goTo(400_000);
    expect(heard.slice(2)).toEqual(["collected at 200000"]);
  });

  it("prepares nothing in a home opened for a few calls", () => {
    const { begin, emit, heard } = readiness(false);
    begin();
    emit();
    expect(heard).toEqual([]);
  });

  it("takes an object written for a sign of work, once the home has started", () => {
    const { begin, sign, heard } = readiness();
    sign();
    begin();
    sign();
    expect(heard).toEqual(["prepared"]);
  });

  it("prepares what is foreseen one thing after the other, and the same once in a while only", async () => {
    const { foresee, onForeseen, clock, heard } = readiness();
    const loaded: (() => void)[] = [];
    onForeseen("lambda", (name) => {
      heard.push(name);
      return new Promise<void>((resolve) => loaded.push(resolve));
    });
    const calls = [
      { service: "lambda", name: "one" },
      { service: "glue", name: "getTable" },
      { service: "lambda", name: "two" },
    ];
    foresee(calls);
    foresee(calls);
    await vi.waitFor(() => expect(loaded).toHaveLength(1));
    expect(heard).toEqual(["one"]);
    loaded[0]?.();
    await vi.waitFor(() => expect(heard).toEqual(["one", "two"]));
    // What is never loaded does not keep the others waiting.
    clock.goTo(31_000);
    foresee(calls);
    await vi.waitFor(() => expect(heard).toEqual(["one", "two", "one"]));
  });

  it("prepares first what was foreseen last: it is needed sooner", async () => {
    const { foresee, onForeseen, heard } = readiness();
    const loaded: (() => void)[] = [];
    onForeseen("lambda", (name) => {
      heard.push(name);
      return new Promise<void>((resolve) => loaded.push(resolve));
    });
    const functions = (...names: string[]) => names.map((name) => ({ service: "lambda", name }));
    foresee(functions("first", "second", "third"));
    await vi.waitFor(() => expect(heard).toEqual(["first"]));
    foresee(functions("one", "two"));
    for (let done = 0; done < 5; done++) {
      await vi.waitFor(() => expect(loaded.length).toBeGreaterThan(done));
      loaded[done]?.();
    }
    expect(heard).toEqual(["first", "one", "two", "second", "third"]);
  });

  it("says what could not be made ready, and goes on", async () => {
    const { begin, onStarted, clock, heard } = readiness();
    const fail = () => {
      throw new Error("no such file");
    };
    onStarted(() => [fail, () => heard.push("read")]);
    begin();
    expect(heard).toEqual([]);
    clock.goTo(1_000);
    await vi.waitFor(() => expect(heard).toEqual(["something could not be made ready", "read"]));
  });

  it("begins nothing after its end, nor where it is switched off", async () => {
    const switchedOff = readiness(false);
    const ended = readiness();
    for (const { onForeseen, heard } of [switchedOff, ended]) onForeseen("lambda", async (name) => heard.push(name));
    ended.end();
    for (const { foresee } of [switchedOff, ended]) foresee([{ service: "lambda", name: "one" }]);
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    expect([switchedOff.heard, ended.heard]).toEqual([[], []]);
  });
});

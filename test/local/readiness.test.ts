import { describe, expect, it } from "vitest";
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
});

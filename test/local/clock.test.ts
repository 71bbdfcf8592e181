import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createSystemClock } from "../../local/clock.ts";

const START = Date.parse("2026-03-28T22:00:00Z");
const HOUR_MS = 3_600_000;

/** What timers count goes on; the clock is set: as a machine that slept finds it, or a person sets it. */
const setClock = (byMs: number) => vi.setSystemTime(Date.now() + byMs);

describe("the machine's clock", () => {
  let fired: string[];
  beforeEach(() => {
    vi.useFakeTimers({
      now: START,
      toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date", "performance"],
    });
    fired = [];
  });
  afterEach(() => void vi.useRealTimers());

  const armed = () => {
    const clock = createSystemClock();
    for (const hours of [1, 2, 9]) clock.at(START + hours * HOUR_MS, () => void fired.push(`${hours} h`));
    return clock;
  };

  it("fires what came due while the machine slept, once and at once, and the rest when it is due", () => {
    armed();
    setClock(8 * HOUR_MS);
    vi.advanceTimersByTime(5_001);
    expect(fired).toEqual(["1 h", "2 h"]);
    vi.advanceTimersByTime(HOUR_MS - 10_000);
    expect(fired).toEqual(["1 h", "2 h"]);
    vi.advanceTimersByTime(20_000);
    expect(fired).toEqual(["1 h", "2 h", "9 h"]);
  });

  it("fires nothing before its time when the clock is set back", () => {
    armed();
    vi.advanceTimersByTime(HOUR_MS / 2);
    setClock(-HOUR_MS);
    vi.advanceTimersByTime(HOUR_MS + 10_000);
    expect(fired).toEqual([]);
    vi.advanceTimersByTime(HOUR_MS / 2);
    expect(fired).toEqual(["1 h"]);
  });

  it("waits longer than a timer can", () => {
    createSystemClock().at(START + 2 ** 31 + 10, () => void fired.push("late"));
    vi.advanceTimersByTime(2 ** 31 + 9);
    expect(fired).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(fired).toEqual(["late"]);
  });

  it("fires nothing that was cancelled, also while another fires", () => {
    const clock = createSystemClock();
    const cancel = clock.at(START + HOUR_MS + 1, () => void fired.push("cancelled"));
    clock.at(START + HOUR_MS, cancel);
    setClock(8 * HOUR_MS);
    vi.advanceTimersByTime(6_000);
    expect(fired).toEqual([]);
  });
});

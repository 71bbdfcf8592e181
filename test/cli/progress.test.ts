import { describe, expect, it } from "vitest";
import { type Every, withProgress } from "../../cli/progress.ts";
import type { Terminal } from "../../cli/terminal.ts";

/** Keeps what is told. */
function recorder(interactive: boolean): { terminal: Terminal; told: string[] } {
  const told: string[] = [];
  const same = (text: string) => text;
  const line = (text: string) => told.push(`line ${text}`);
  const live = (text: string) => told.push(`live ${text}`);
  return {
    terminal: {
      interactive,
      line,
      live,
      fresh: () => undefined,
      cut: same,
      bold: same,
      dim: same,
      good: same,
      bad: same,
    },
    told,
  };
}

/** A clock that ticks when it is told to, until it is ended. */
function handClock() {
  const ticks = new Set<() => void>();
  const every: Every = (_ms, tick) => {
    ticks.add(tick);
    return () => ticks.delete(tick);
  };
  const tick = () => {
    for (const each of ticks) each();
  };
  return { every, tick };
}

describe("withProgress", () => {
  it.each([
    { where: "redraws a line on a terminal", interactive: true, how: "live" },
    { where: "tells lines elsewhere", interactive: false, how: "line" },
  ])("$where, of what the work has come to", async ({ interactive, how }) => {
    const { terminal, told } = recorder(interactive);
    const { every, tick } = handClock();
    let files = 0;
    const work = async () => {
      files = 3;
      tick();
      files = 7;
      tick();
      return "done";
    };
    expect(await withProgress(terminal, () => `${files} files`, work, every)).toBe("done");
    tick();
    expect(told).toEqual([`${how} 3 files`, `${how} 7 files`, "live "]);
  });

  it("ends with work that fails", async () => {
    const { terminal, told } = recorder(true);
    const { every, tick } = handClock();
    const work = () => Promise.reject(new Error("no"));
    await expect(withProgress(terminal, () => "far", work, every)).rejects.toThrow("no");
    tick();
    expect(told).toEqual(["live "]);
  });
});

/** `--min-coverage`: 80, or states=100,catchers=100. */
import type { CoverageSummary } from "../../engine/index.ts";
import { CommandFailure } from "../failure.ts";
import type { WorkflowResult } from "./run.ts";

export type Thresholds = Readonly<Partial<Record<keyof CoverageSummary, number>>>;

const KINDS = ["states", "branches", "retriers", "catchers"] as const;

/** @throws {CommandFailure} 2 */
export function parseThresholds(text: string): Thresholds {
  const entries = text.split(",").flatMap((part): [string, number][] => {
    const [, kind, percent = ""] = /^(?:(\w+)=)?(\d+(?:\.\d+)?)$/.exec(part.trim()) ?? [];
    const known = kind === undefined || KINDS.some((name) => name === kind);
    if (percent === "" || !known || Number(percent) > 100) throw wrong(text);
    return (kind === undefined ? KINDS : [kind]).map((name) => [name, Number(percent)]);
  });
  return Object.fromEntries(entries);
}

function wrong(found: string): CommandFailure {
  const kinds = KINDS.join(", ");
  return new CommandFailure(
    2,
    `--min-coverage takes a percentage from 0 to 100, or one a kind (states=100,catchers=100; of ${kinds}); found "${found}"`,
  );
}

/** One line for each figure below its threshold. */
export function belowThresholds({ name, coverage }: WorkflowResult, thresholds: Thresholds): string[] {
  const { summary } = coverage;
  return KINDS.flatMap((kind) => {
    const least = thresholds[kind];
    const { percent, covered, total } = summary[kind];
    if (least === undefined || percent >= least) return [];
    return [
      `${name}: ${percent.toFixed(1)} % of ${kind} covered (${covered} of ${total}), at least ${least} % asked for`,
    ];
  });
}

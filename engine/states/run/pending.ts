/** The effects not answered yet, rebuilt from what the frames wait for. */
import type { Effect } from "../protocol.ts";
import type { Frame } from "./frame.ts";
import type { Run } from "./run.ts";

export function pendingEffects(run: Run): readonly Effect[] {
  const effects: Effect[] = [];
  for (const frame of run.tasks.values()) if (frame.wait?.kind === "task") effects.push(frame.wait.effect);
  for (const [timerId, { atMs }] of run.timers) effects.push({ kind: "start-timer", timerId, atMs });
  for (const frame of run.mapRuns.values()) effects.push(...mapRunEffects(frame));
  if (run.outcome !== undefined) effects.push({ kind: "completed", ...run.outcome });
  return effects;
}

function mapRunEffects(frame: Frame): Effect[] {
  const { wait } = frame;
  if (wait?.kind !== "map-run") return [];
  const { mapRunId, request, running, failing } = wait;
  return [
    // They may not have been told before the crash.
    ...(failing === undefined ? [] : [{ kind: "stop-children", mapRunId } as const]),
    ...(request === undefined ? [] : [request]),
    ...(running.length === 0 ? [] : [{ kind: "await-children", mapRunId, running } as const]),
  ];
}

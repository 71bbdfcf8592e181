/** Starts and restores executions. */
import { CompiledMachine, UnknownFlowError } from "./compile.ts";
import type { Execution, ExecutionOptions, Machine } from "./engine.ts";
import type { JsonObject } from "./json.ts";
import { SeededRandom } from "./random.ts";
import { restoreRun } from "./run/checkpoint.ts";
import { Run } from "./run/run.ts";

/** A new execution; nothing happens before `apply({ kind: "start" }, nowMs)`. */
export function startExecution(machine: Machine, options: ExecutionOptions): Execution {
  return new Run(compiled(machine), options, new SeededRandom(options.seed));
}

/**
 * The execution a checkpoint was taken of.
 * @param taskToken the port given to `startExecution`, if any; functions are not part of a checkpoint
 * @throws {CheckpointError}
 */
export function restoreExecution(
  machine: Machine,
  checkpoint: JsonObject,
  taskToken?: ExecutionOptions["taskToken"],
): Execution {
  return restoreRun(compiled(machine), checkpoint, taskToken);
}

function compiled(machine: Machine): CompiledMachine {
  if (machine instanceof CompiledMachine) return machine;
  throw new UnknownFlowError("a machine that compile() did not make", []);
}

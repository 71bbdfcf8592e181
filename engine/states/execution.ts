/** Starts and restores executions. */
import { CompiledMachine, UnknownFlowError } from "./compile.ts";
import type { Execution, ExecutionOptions, Machine } from "./engine.ts";
import type { JsonObject } from "./json.ts";
import { SeededRandom } from "./random.ts";
import { type RestorePorts, restoreRun } from "./run/checkpoint.ts";
import { Run } from "./run/run.ts";

/** A new execution; nothing happens before `apply({ kind: "start" }, nowMs)`. */
export function startExecution(machine: Machine, options: ExecutionOptions): Execution {
  return new Run(compiled(machine), options, new SeededRandom(options.seed));
}

/**
 * The execution a checkpoint was taken of.
 * @throws {CheckpointError}
 */
export function restoreExecution(machine: Machine, checkpoint: JsonObject, ports: RestorePorts = {}): Execution {
  return restoreRun(compiled(machine), checkpoint, ports);
}

function compiled(machine: Machine): CompiledMachine {
  if (machine instanceof CompiledMachine) return machine;
  throw new UnknownFlowError("a machine that compile() did not make", []);
}

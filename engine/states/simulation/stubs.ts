/** The stubs of one simulation: finds the one for a call, and counts the calls. */
import { answerOf, type SimulatedTask, StubError, type TaskCall, type TaskStub } from "./task-stub.ts";

/** Where a simulation's answers to tasks come from. */
export type StubOptions = Readonly<{
  /** Stubs by the state's name, or by its Resource for all states that have no stub of their own. */
  tasks?: Readonly<Record<string, TaskStub>>;
  /** Answers the tasks that `tasks` has no stub for. */
  task?: (call: TaskCall) => SimulatedTask | Promise<SimulatedTask>;
}>;

/** Counts the calls of each state, as mocked responses are numbered by them. */
export class Stubs {
  readonly #options: StubOptions;
  readonly #calls = new Map<string, number>();

  constructor(options: StubOptions) {
    this.#options = options;
  }

  /** @throws {StubError} where a stub is missing or wrong */
  async answer(call: TaskCall): Promise<SimulatedTask> {
    const { tasks, task } = this.#options;
    const key = JSON.stringify([call.stateName, call.iterations]);
    const callNumber = this.#calls.get(key) ?? 0;
    this.#calls.set(key, callNumber + 1);
    const stub = own(tasks, call.stateName) ?? own(tasks, call.resource);
    if (stub !== undefined) return answerOf(stub, call, callNumber);
    if (task !== undefined) return task(call);
    if (tasks === undefined) return { output: call.parameters };
    throw new StubError(call.stateName, `no stub for the task: give one for the state or for ${call.resource}`);
  }
}

function own(tasks: StubOptions["tasks"], name: string): TaskStub | undefined {
  return tasks !== undefined && Object.hasOwn(tasks, name) ? tasks[name] : undefined;
}

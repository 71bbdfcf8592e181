/**
 * Injects errors into runs, one at a time, and tells what becomes of each: which retrier and catcher meet it, and how the execution
 * ends. What meets an error that no test has made is an error path no test reaches.
 *
 *   X1. At each Task: every error its Retry and Catch name, States.Timeout, States.TaskFailed, and one that nobody names. At each
 *       Parallel and Map with Retry or Catch: the same from inside its branches.
 *   X2. The error lasts for the whole of the state's first visit, retries included, so that what follows the last retry shows.
 *   X3. Every other task answers as in the run; tasks only the error path comes to succeed with their own parameters.
 */
import { compile } from "../compile.ts";
import type { Coverage } from "../coverage/coverage.ts";
import { partsOf } from "../coverage/parts.ts";
import type { Decision, Definition, Machine } from "../engine.ts";
import type { Simulation, SimulationOptions } from "../simulate.ts";
import { simulateMachine } from "../simulate.ts";
import { type InjectionSite, injectionSites, withFailingInside } from "./injection-sites.ts";
import { Stubs } from "./stubs.ts";
import { type SimulatedTask, StubError, type TaskCall } from "./task-stub.ts";

/** A run to inject errors into: what a test has done. */
export type ExhaustRun = Readonly<{
  name: string;
  options: SimulationOptions;
  simulation: Pick<Simulation, "path" | "calls">;
}>;

/** One error injected into one run, and what became of it. */
export type Injection = Readonly<{
  state: string;
  error: string;
  /** The run it was injected into. */
  into: string;
  /** The retriers and catchers that met it, as coverage labels them. */
  met: readonly string[];
  /** Nobody caught it, and the execution failed with it. */
  unhandled: boolean;
  /** How the execution ended; or why it could not be followed, as with a loop that never ends. */
  status: string;
  problem?: string;
}>;

/** What `exhaust` found. */
export type ExhaustReport = Readonly<{
  injections: readonly Injection[];
  /** Retriers and catchers that an injection has come to and no test has. */
  untested: readonly Readonly<{ path: string; injection: Injection }>[];
  /** States whose error ends the execution unhandled, with those errors. */
  unhandled: readonly Readonly<{ state: string; errors: readonly string[] }>[];
  /** States that could fail and that no run comes to. */
  notReached: readonly string[];
}>;

/**
 * @param runs what the tests have done; of those that come to a state the first is used
 * @param tested the coverage of all tests together
 */
export async function exhaust(
  definition: Definition,
  runs: readonly ExhaustRun[],
  tested: Coverage,
): Promise<ExhaustReport> {
  const machine = compile(definition);
  const injections: Injection[] = [];
  const notReached: string[] = [];
  for (const site of injectionSites(definition.source)) {
    const run = runs.find(({ simulation }) => comesTo(simulation, site));
    if (run === undefined) notReached.push(site.state);
    else for (const error of site.errors) injections.push(await inject(definition, machine, site, error, run));
  }
  return {
    injections,
    untested: untestedPaths(injections, tested),
    unhandled: unhandledStates(injections),
    notReached,
  };
}

function comesTo({ path, calls }: ExhaustRun["simulation"], { state, kind }: InjectionSite): boolean {
  return kind === "task" ? calls.some(({ stateName }) => stateName === state) : path.includes(state);
}

async function inject(
  definition: Definition,
  whole: Machine,
  site: InjectionSite,
  error: string,
  { name, options }: ExhaustRun,
): Promise<Injection> {
  const machine = site.kind === "task" ? whole : compile(withFailingInside(definition, site.state, error));
  const fault = new Fault(site, error, options);
  const { tasks: _tasks, ...rest } = options;
  const about = { state: site.state, error, into: name };
  try {
    const answered = { ...rest, task: (call: TaskCall) => fault.answer(call) };
    const ended = await simulateMachine(machine, answered, { decided: (decision) => fault.decided(decision) });
    const met = labels(definition, fault.met);
    const caught = fault.met.some(({ kind }) => kind === "catcher");
    return {
      ...about,
      met,
      unhandled: !caught && ended.status === "FAILED" && ended.error === error,
      status: ended.status,
    };
  } catch (thrown) {
    const problem = thrown instanceof Error ? thrown.message : String(thrown);
    return { ...about, met: labels(definition, fault.met), unhandled: false, status: "UNKNOWN", problem };
  }
}

/** The error of one injection, and who meets it. */
class Fault {
  readonly met: Decision[] = [];
  readonly #site: InjectionSite;
  readonly #error: string;
  readonly #stubs: Stubs;
  #visit: string | undefined;
  #settled = false;

  constructor(site: InjectionSite, error: string, options: SimulationOptions) {
    this.#site = site;
    this.#error = error;
    this.#stubs = new Stubs({ ...options, task: options.task ?? succeed });
    if (site.kind === "container") this.#visit = "";
  }

  async answer(call: TaskCall): Promise<SimulatedTask> {
    if (this.#site.kind === "task" && call.stateName === this.#site.state) {
      const visit = JSON.stringify(call.iterations);
      const first = this.#visit === undefined;
      this.#visit ??= visit;
      if (first || (this.#visit === visit && call.retryCount > 0 && !this.#settled)) return failure(this.#error);
      this.#settled = true;
    }
    try {
      return await this.#stubs.answer(call);
    } catch (thrown) {
      // The run had answers for its own calls; the error path may make more of them.
      if (thrown instanceof StubError) return succeed(call);
      throw thrown;
    }
  }

  decided(decision: Decision): void {
    const isOurs = decision.state === this.#site.state || this.#site.inside.includes(decision.state);
    if (this.#visit === undefined || this.#settled || decision.kind === "branch" || !isOurs) return;
    this.met.push(decision);
    if (decision.kind === "catcher") this.#settled = true;
  }
}

function succeed({ parameters }: TaskCall): SimulatedTask {
  return { output: parameters };
}

function failure(error: string): SimulatedTask {
  const cause = "injected";
  return error === "States.Timeout" ? { timedOut: true, cause } : { failed: true, error, cause };
}

function labels({ source }: Definition, met: readonly Decision[]): string[] {
  const parts = partsOf(source);
  const label = ({ kind, state, index }: Decision) =>
    parts.filter((part) => part.state === state && part.kind === kind)[index]?.label ?? state;
  return [...new Set(met.map(label))];
}

function untestedPaths(injections: readonly Injection[], tested: Coverage): ExhaustReport["untested"] {
  const missing = new Set(tested.missing.map(({ label }) => label));
  const found = new Map<string, Injection>();
  for (const injection of injections) {
    for (const path of injection.met) if (missing.has(path) && !found.has(path)) found.set(path, injection);
  }
  return [...found].map(([path, injection]) => ({ path, injection }));
}

function unhandledStates(injections: readonly Injection[]): ExhaustReport["unhandled"] {
  const errors = new Map<string, string[]>();
  for (const { state, error, unhandled } of injections) {
    if (unhandled) errors.set(state, [...(errors.get(state) ?? []), error]);
  }
  return [...errors].map(([state, names]) => ({ state, errors: names }));
}

/** The workflows that the states bench runs: definition, input, and how many states one execution enters. */
import type { JsonObject } from "../engine/states/index.ts";

export interface Workload {
  name: string;
  definition: object;
  /** The same for the peer, where it lacks what the definition uses. */
  peerDefinition?: object;
  input: JsonObject;
  transitions: number;
  /** Executions in flight at once. */
  concurrency: number;
  /** Names of the Task states, for the peer's own handlers. */
  tasks: readonly string[];
}

const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:instant";
const ORDER = { order: { id: "o-1", total: 12.5, lines: [{ sku: "a", count: 1 }] } };
const DEFAULTS = { input: ORDER, concurrency: 500, tasks: [] };

export const WORKLOADS: readonly Workload[] = [
  { name: "a: chain of 100 Pass, JSONPath", definition: chain(100, passByPath), transitions: 100, ...DEFAULTS },
  {
    name: "b: chain of 100 Pass, JSONata",
    definition: { QueryLanguage: "JSONata", ...chain(100, passByJsonata) },
    // The peer knows no JSONata: beside it stands its fastest way to the same output.
    peerDefinition: chain(100, passByPath),
    transitions: 100,
    ...DEFAULTS,
  },
  {
    name: "c: Choice loop to 1,000",
    definition: loop(1000),
    transitions: 2002,
    ...DEFAULTS,
    input: { n: 0 },
    concurrency: 20,
  },
  {
    name: "d: inline Map, 100 × Pass",
    definition: single({ Type: "Map", ItemsPath: "$.items", ItemProcessor: processor(), End: true }),
    transitions: 101,
    ...DEFAULTS,
    input: { items: Array.from({ length: 100 }, (_, index) => ({ index })) },
    concurrency: 100,
  },
  {
    name: "e: Parallel, 10 × 10 Pass",
    definition: single({
      Type: "Parallel",
      Branches: Array.from({ length: 10 }, (_, branch) => chain(10, passByPath, `B${branch}-`)),
      End: true,
    }),
    transitions: 101,
    ...DEFAULTS,
  },
  {
    name: "f: 1,000 executions of 10 instant tasks",
    definition: chain(10, () => ({ Type: "Task", Resource: FUNCTION })),
    transitions: 10,
    ...DEFAULTS,
    concurrency: 1000,
    tasks: Array.from({ length: 10 }, (_, index) => `S${index}`),
  },
];

function chain(length: number, state: () => object, prefix = "S"): object {
  const names = Array.from({ length }, (_, index) => `${prefix}${index}`);
  const States = Object.fromEntries(
    names.map((name, index) => {
      const next = names[index + 1];
      return [name, { ...state(), ...(next === undefined ? { End: true } : { Next: next }) }];
    }),
  );
  return { StartAt: `${prefix}0`, States };
}

function passByPath(): object {
  return { Type: "Pass", Parameters: { "order.$": "$.order", step: "passed" } };
}

function passByJsonata(): object {
  return { Type: "Pass", Output: { order: "{% $states.input.order %}", step: "passed" } };
}

function loop(times: number): object {
  const count = { Type: "Pass", Parameters: { "n.$": "States.MathAdd($.n, 1)" }, Next: "Enough" };
  const more = { Variable: "$.n", NumericLessThan: times, Next: "Count" };
  return {
    StartAt: "Enough",
    States: { Count: count, Enough: { Type: "Choice", Choices: [more], Default: "Done" }, Done: { Type: "Succeed" } },
  };
}

function processor(): object {
  return { ProcessorConfig: { Mode: "INLINE" }, ...chain(1, () => ({ Type: "Pass" })) };
}

function single(state: object): object {
  return { StartAt: "All", States: { All: state } };
}

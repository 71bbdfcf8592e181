/** Random state machines whose outcome depends on nothing but their definition: not on when what happens, nor how often. */
export type Random = () => number;

/** A small generator of numbers in [0, 1) (mulberry32): the same seed, the same numbers. */
export function seeded(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function below(random: Random, count: number): number {
  return Math.floor(random() * count);
}

type States = Record<string, object>;
/** A state without what leads on from it. */
type Maker = (random: Random, name: string) => object;

/** What the fake function is told: which step it is, and what of the context its answer may depend on. */
const KEYED = (name: string, index = "0") =>
  `{% {'key': '${name}/' & $string(${index}), 'execution': $states.context.Execution.Name, 'retry': $states.context.State.RetryCount, 'redrive': $states.context.Execution.RedriveCount} %}`;
const RETRY = [{ ErrorEquals: ["Flaky"], IntervalSeconds: 3, MaxAttempts: 2 }];

const call: Maker = (_, name) => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Arguments: { FunctionName: "f", Payload: KEYED(name) },
  Retry: RETRY,
  Output: "{% $states.result.Payload %}",
});

const token: Maker = (_, name) => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
  Arguments: {
    FunctionName: "f",
    Payload: `{% {'key': '${name}/0', 'execution': $states.context.Execution.Name, 'token': $states.context.Task.Token, 'retry': 1, 'redrive': $states.context.Execution.RedriveCount} %}`,
  },
});

const wait: Maker = (random) => ({ Type: "Wait", Seconds: 1 + below(random, 60) });

/** Needs the reference evaluator, which is asynchronous: other inputs come while it runs. */
const reckon: Maker = () => ({
  Type: "Pass",
  Output: "{% $reduce($map([1..20], function($n) { $n * 2 }), function($sum, $n) { $sum + $n }) %}",
});

const both: Maker = (random, name) => ({
  Type: "Parallel",
  Branches: ["l", "r"].map((side) => sequence(random, `${name}${side}`, 1 + below(random, 2), 0)),
});

const each: Maker = (random, name) => ({
  Type: "Map",
  Items: [1, 2, 3],
  MaxConcurrency: 1 + below(random, 3),
  ItemProcessor: {
    StartAt: `${name}i`,
    States: {
      [`${name}i`]: {
        ...call(random, `${name}i`),
        Arguments: { FunctionName: "f", Payload: KEYED(`${name}i`, "$states.context.Map.Item.Index") },
        End: true,
      },
    },
  },
});

const LEAVES = [call, call, token, wait, reckon];

function sequence(random: Random, prefix: string, length: number, depth: number): { StartAt: string; States: States } {
  const makers = depth > 0 ? [...LEAVES, both, each] : LEAVES;
  const states: States = {};
  for (let at = 0; at < length; at += 1) {
    const name = `${prefix}${at}`;
    const state = makers[below(random, makers.length)]?.(random, name);
    states[name] = { ...state, ...(at === length - 1 ? { End: true } : { Next: `${prefix}${at + 1}` }) };
  }
  return { StartAt: `${prefix}0`, States: states };
}

export function randomWorkflow(random: Random): object {
  return { QueryLanguage: "JSONata", ...sequence(random, "s", 2 + below(random, 4), 1) };
}

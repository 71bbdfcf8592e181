/** Random definitions, well formed but for what the expressions hold: all states, both languages, nested, with loops. */
import type { JsonValue } from "../../../../engine/index.ts";
import type { Draw } from "./draw.ts";
import { intrinsic, jsonata, path, referencePath } from "./expressions.ts";
import { ERROR_NAMES, json, NUMBERS, object, STRINGS } from "./hostile.ts";
import { rule } from "./rules.ts";

type Members = { [key: string]: JsonValue };

/** What is called, and the parameters it cannot be without. */
const RESOURCES: readonly [Resource, ...Resource[]] = [
  ["arn:aws:lambda:us-east-1:123456789012:function:f", {}],
  ["arn:aws:states:::lambda:invoke", { FunctionName: "f" }],
  ["arn:aws:states:::lambda:invoke.waitForTaskToken", { FunctionName: "f" }],
  ["arn:aws:states:::sagemaker:createTrainingJob.sync", {}],
  ["arn:aws:states:::states:startExecution.sync:2", { StateMachineArn: "arn:aws:states:::stateMachine:m" }],
  ["arn:aws:states:::sqs:sendMessage", { QueueUrl: "q", MessageBody: "b" }],
  ["arn:aws:states:::aws-sdk:glue:getTable", {}],
  ["arn:aws:states:us-east-1:123456789012:activity:work", {}],
];
type Resource = readonly [arn: string, parameters: Members];

/** Makes one definition: state names are unique over all of it. */
export class DefinitionMaker {
  readonly #draw: Draw;
  readonly #jsonata: boolean;
  #states = 0;

  constructor(draw: Draw) {
    this.#draw = draw;
    this.#jsonata = draw.chance(0.5);
  }

  make(): Members {
    const draw = this.#draw;
    return {
      ...(this.#jsonata ? { QueryLanguage: "JSONata" } : draw.chance(0.3) ? { QueryLanguage: "JSONPath" } : {}),
      ...(draw.chance(0.1) ? { Comment: draw.pick(STRINGS) } : {}),
      ...(draw.chance(0.1) ? { TimeoutSeconds: draw.pick([1, 30, 99_999_999]) } : {}),
      ...this.#flow(3),
    };
  }

  #flow(depth: number): Members {
    const draw = this.#draw;
    const names = draw.several(1, depth === 3 ? 5 : 3, () => this.#name());
    const states = names.map((name, index) => [name, this.#state(names, index, depth)] as const);
    return { StartAt: names[0] ?? "", States: object(states) };
  }

  #name(): string {
    this.#states += 1;
    const draw = this.#draw;
    if (this.#states === 2 && draw.chance(0.05)) return draw.pick(["__proto__", "constructor", "toString"]);
    return draw.chance(0.1) ? `${draw.pick(STRINGS).slice(0, 60)}${this.#states}` : `S${this.#states}`;
  }

  #state(names: readonly string[], index: number, depth: number): Members {
    const draw = this.#draw;
    const jsonataState = this.#jsonata || draw.chance(0.15);
    const next = names[index + 1];
    // A flow that ends in a Choice has no end, which AWS refuses.
    const choice = next !== undefined || draw.chance(0.02) ? ["Choice"] : [];
    const types = ["Pass", "Task", "Wait", ...choice, ...(depth > 0 ? ["Parallel", "Map", "Map"] : [])];
    const endings = next === undefined ? ["Succeed", "Fail"] : [];
    const type = draw.pickAny([...types, ...endings]) ?? "Pass";
    const onward: Members = next === undefined ? { End: true } : { Next: next };
    return {
      Type: type,
      ...(jsonataState && !this.#jsonata ? { QueryLanguage: "JSONata" } : {}),
      ...(type === "Choice" || type === "Succeed" || type === "Fail" ? {} : onward),
      ...this.#own(type, names, index, depth, jsonataState),
      ...(type === "Fail" ? {} : this.#data(type, jsonataState)),
      ...(type === "Task" || type === "Parallel" || type === "Map" ? this.#errors(names, index, jsonataState) : {}),
    };
  }

  #own(type: string, names: readonly string[], index: number, depth: number, inJsonata: boolean): Members {
    const draw = this.#draw;
    switch (type) {
      case "Task":
        return this.#task(inJsonata);
      case "Wait":
        return this.#wait(inJsonata);
      case "Choice":
        return this.#choice(names, index, inJsonata);
      case "Fail":
        if (draw.chance(0.3)) return {};
        if (inJsonata) return { Error: this.#expression(), Cause: draw.pick(STRINGS) };
        return draw.chance(0.5)
          ? { Error: draw.pick(ERROR_NAMES) }
          : { ErrorPath: path(draw), CausePath: intrinsic(draw) };
      case "Parallel":
        return { Branches: draw.several(1, 3, () => this.#flow(depth - 1)) };
      case "Map":
        return this.#map(depth, inJsonata);
      default:
        return type === "Pass" && !inJsonata && draw.chance(0.3) ? { Result: json(draw) } : {};
    }
  }

  #task(inJsonata: boolean): Members {
    const draw = this.#draw;
    const seconds = inJsonata && draw.chance(0.2) ? this.#expression() : draw.pick([1, 60, 99_999_999]);
    const [arn, needed] = draw.pick(RESOURCES);
    const given = draw.chance(0.7) || arn.includes(":::") ? this.#parameters(needed, inJsonata) : {};
    return {
      Resource: arn,
      ...given,
      ...(draw.chance(0.4)
        ? { TimeoutSeconds: seconds }
        : !inJsonata && draw.chance(0.2)
          ? { TimeoutSecondsPath: path(draw) }
          : {}),
      ...(draw.chance(0.2) ? { HeartbeatSeconds: 1 } : {}),
    };
  }

  #parameters(needed: Members, inJsonata: boolean): Members {
    return { [inJsonata ? "Arguments" : "Parameters"]: { ...this.#template(inJsonata, 2), ...needed } };
  }

  #wait(inJsonata: boolean): Members {
    const draw = this.#draw;
    if (draw.chance(0.7)) return { Seconds: draw.pick([0, 1, 31_536_000, 99_999_999]) };
    if (inJsonata)
      return draw.chance(0.7) ? { Seconds: `{% [${jsonata(draw)}] ? 1 : 2 %}` } : { Timestamp: this.#expression() };
    if (draw.chance(0.3)) return { Timestamp: "2030-01-01T00:00:00Z" };
    return draw.chance(0.5) ? { SecondsPath: path(draw) } : { TimestampPath: path(draw) };
  }

  #choice(names: readonly string[], index: number, inJsonata: boolean): Members {
    const draw = this.#draw;
    const next = names[index + 1];
    // Mostly onward; now and then back, which makes a loop.
    const target = () => (draw.chance(0.15) ? draw.pickAny(names) : next) ?? names[index] ?? "";
    const rules = draw.several(1, 3, (): Members => {
      if (!inJsonata) return { ...rule(draw, 2), Next: target() };
      return { Condition: draw.chance(0.8) ? `{% (${jsonata(draw, 2)}) = 1 %}` : this.#expression(), Next: target() };
    });
    return { Choices: rules, ...(draw.chance(0.9) ? { Default: next ?? target() } : {}) };
  }

  #map(depth: number, inJsonata: boolean): Members {
    const draw = this.#draw;
    const distributed = draw.chance(0.3);
    const mode = distributed ? { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" } : { Mode: "INLINE" };
    const reader = {
      Resource: "arn:aws:states:::s3:getObject",
      ReaderConfig: { InputType: "JSON" },
      [inJsonata ? "Arguments" : "Parameters"]: { Bucket: "b", Key: "k" },
    };
    const items: Members = inJsonata
      ? { Items: draw.chance(0.5) ? "{% [$states.input, 2, 3] %}" : this.#expression() }
      : { ItemsPath: draw.chance(0.8) ? "$$.Execution.Input.list" : path(draw) };
    return {
      ItemProcessor: { ProcessorConfig: mode, ...this.#flow(depth - 1) },
      ...(distributed && draw.chance(0.4) ? { ItemReader: reader } : items),
      ...(draw.chance(0.3) ? { MaxConcurrency: draw.pick([0, 1, 2, 40]) } : {}),
      ...(draw.chance(0.3) ? { ItemSelector: this.#template(inJsonata, 2) } : {}),
      ...(distributed && draw.chance(0.3) ? { ItemBatcher: { MaxItemsPerBatch: 2 } } : {}),
      ...(distributed && draw.chance(0.3) ? { ToleratedFailurePercentage: draw.pick([0, 50, 100]) } : {}),
    };
  }

  #data(type: string, inJsonata: boolean): Members {
    const draw = this.#draw;
    const assign = draw.chance(0.3) && type !== "Succeed" ? { Assign: this.#assign(inJsonata) } : {};
    if (inJsonata) {
      return {
        ...assign,
        ...(draw.chance(0.4) ? { Output: this.#template(true, 2) } : {}),
        ...(type === "Parallel" && draw.chance(0.6) ? { Arguments: this.#template(true, 2) } : {}),
      };
    }
    const takesParameters = type === "Parallel" || type === "Pass";
    const hasResult = type === "Task" || type === "Parallel" || type === "Map";
    return {
      ...assign,
      ...(draw.chance(0.2) ? { InputPath: draw.chance(0.2) ? null : path(draw) } : {}),
      ...(draw.chance(0.2) ? { OutputPath: draw.chance(0.2) ? null : path(draw) } : {}),
      ...(takesParameters && draw.chance(0.4) ? { Parameters: this.#template(false, 2) } : {}),
      ...(hasResult && draw.chance(0.3) ? { ResultSelector: this.#template(false, 1) } : {}),
      ...((hasResult || type === "Pass") && draw.chance(0.4) ? { ResultPath: referencePath(draw) } : {}),
    };
  }

  #assign(inJsonata: boolean): Members {
    const draw = this.#draw;
    const name = draw.pick(["v0", "v1"]);
    return inJsonata
      ? { [name]: this.#template(true, 1) }
      : { [`${name}.$`]: draw.chance(0.5) ? path(draw) : intrinsic(draw) };
  }

  #errors(names: readonly string[], index: number, inJsonata: boolean): Members {
    const draw = this.#draw;
    const target = () => (draw.chance(0.1) ? draw.pickAny(names) : (names[index + 1] ?? names[index])) ?? "";
    const errors = () => [draw.pick(["Flaky", "Busy.Exception", "States.TaskFailed", "States.Timeout"])];
    const retrier = (): Members => ({
      ErrorEquals: errors(),
      IntervalSeconds: draw.pick([1, 2, 60]),
      MaxAttempts: draw.pick([0, 1, 3]),
      BackoffRate: draw.pick([1, 1.5, 2]),
      ...(draw.chance(0.3) ? { JitterStrategy: "FULL", MaxDelaySeconds: 100 } : {}),
    });
    const catcher = (): Members => ({
      ErrorEquals: errors(),
      Next: target(),
      ...(inJsonata
        ? {
            ...(draw.chance(0.3) ? { Output: this.#template(true, 1) } : {}),
            ...(draw.chance(0.3) ? { Assign: this.#assign(true) } : {}),
          }
        : { ...(draw.chance(0.4) ? { ResultPath: referencePath(draw) } : {}) }),
    });
    // States.ALL stands alone, and last.
    const handlers = (make: () => Members): JsonValue => {
      const list = draw.several(1, 2, make);
      return draw.chance(0.5) ? [...list, { ...make(), ErrorEquals: ["States.ALL"] }] : list;
    };
    return {
      ...(draw.chance(0.5) ? { Retry: handlers(retrier) } : {}),
      ...(draw.chance(0.5) ? { Catch: handlers(catcher) } : {}),
    };
  }

  #expression(): string {
    const draw = this.#draw;
    // Mostly in an array: an expression that gives nothing ends the execution.
    return draw.chance(0.6) ? `{% [${jsonata(draw)}] %}` : `{% ${jsonata(draw)} %}`;
  }

  #template(inJsonata: boolean, depth: number): Members {
    const draw = this.#draw;
    const member = (): readonly [string, JsonValue] => {
      const key = draw.pick(["a", "n", "list", "__proto__", ...STRINGS]);
      if (depth > 0 && draw.chance(0.2)) return [key, this.#template(inJsonata, depth - 1)];
      if (draw.chance(0.3)) return [key, inJsonata ? draw.pick(NUMBERS) : json(draw, 1)];
      if (inJsonata) return [key, this.#expression()];
      return [`${key}.$`, draw.chance(0.6) ? path(draw) : intrinsic(draw)];
    };
    return object(draw.several(0, 3, member));
  }
}

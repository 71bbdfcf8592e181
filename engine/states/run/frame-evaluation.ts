/** What expressions see while a frame's state is evaluated: input, variables and the context object. */
import type { Evaluation } from "../evaluation.ts";
import type { JsonObject, JsonValue } from "../json.ts";
import { instantText } from "../timestamp.ts";
import type { Frame } from "./frame.ts";
import type { Run } from "./run.ts";

export type EvaluationExtras = Readonly<{
  result?: JsonValue;
  errorOutput?: JsonValue;
  taskToken?: string;
  mapItem?: JsonObject;
}>;

const NO_EXTRAS: EvaluationExtras = {};

export class FrameEvaluation implements Evaluation {
  readonly input: JsonValue;
  readonly #run: Run;
  readonly #frame: Frame;
  readonly #extras: EvaluationExtras;
  #context: JsonObject | undefined;

  constructor(run: Run, frame: Frame, input: JsonValue, extras: EvaluationExtras = NO_EXTRAS) {
    this.input = input;
    this.#run = run;
    this.#frame = frame;
    this.#extras = extras;
  }

  get result(): JsonValue | undefined {
    return this.#extras.result;
  }

  get errorOutput(): JsonValue | undefined {
    return this.#extras.errorOutput;
  }

  context(): JsonObject {
    this.#context ??= contextObject(this.#run, this.#frame, this.#extras);
    return this.#context;
  }

  variable(name: string): JsonValue | undefined {
    for (let scope: Frame["scope"] | undefined = this.#frame.scope; scope !== undefined; scope = scope.outer) {
      if (Object.hasOwn(scope.values, name)) return scope.values[name];
    }
    return undefined;
  }

  get nowMs(): number {
    return this.#run.nowMs;
  }

  random(): number {
    return this.#run.random.next();
  }

  uuid(): string {
    return this.#run.random.uuid();
  }
}

const RETRYABLE: ReadonlySet<string> = new Set(["Task", "Parallel", "Map"]);

/** The context object `$$` in AWS's order of members. RetryCount is there where a state can be retried. */
function contextObject(run: Run, frame: Frame, extras: EvaluationExtras): JsonObject {
  const { execution, stateMachine, input } = run.options;
  const mapItem = extras.mapItem ?? frame.mapItem;
  const map = mapItem === undefined ? {} : { Map: { Item: mapItem } };
  if (run.inspection?.context !== undefined) return { ...run.inspection.context, ...map };
  return {
    Execution: {
      Id: execution.id,
      Input: input,
      StartTime: instantText(execution.startTimeMs),
      Name: execution.name,
      RoleArn: execution.roleArn,
      ...(run.options.synchronous === true ? {} : { RedriveCount: run.redriveCount }),
      ...(run.redrivenAtMs === undefined ? {} : { RedriveTime: instantText(run.redrivenAtMs) }),
    },
    StateMachine: { Id: stateMachine.id, Name: stateMachine.name },
    State: {
      Name: frame.state.name,
      EnteredTime: instantText(frame.enteredAtMs),
      ...(RETRYABLE.has(frame.state.type) ? { RetryCount: frame.retryCount } : {}),
    },
    ...map,
    ...(extras.taskToken === undefined ? {} : { Task: { Token: extras.taskToken } }),
  };
}

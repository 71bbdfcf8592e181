/** What a definition is compiled to: states as data and closures, resolved once. */
import type { Expression } from "./evaluation.ts";
import type { JsonObject, JsonValue } from "./json.ts";
import type { Integration } from "./protocol.ts";
import type { SharedText } from "./recording.ts";

export type Flow = Readonly<{
  /** The states' path from the root, e.g. `Train/Branches/0`; names the flow in checkpoints. */
  id: string;
  startAt: CompiledState;
  states: ReadonlyMap<string, CompiledState>;
  /** What it was compiled from. */
  source: JsonObject;
  /** Whether it runs as Express executions of a distributed Map, which end after five minutes as all do. */
  express?: boolean;
}>;

/** What every state may have. Absent members cost nothing at run time. */
export type StateBase = {
  readonly name: string;
  /** The name and the numbers of its Entered and Exited events, as history records them. */
  readonly label: SharedText;
  readonly enteredKind: number;
  readonly exitedKind: number;
  readonly jsonata: boolean;
  readonly next: string | undefined;
  /** The state of that name; set once all states beside it are compiled. */
  successor: CompiledState | undefined;
  readonly inputPath: Expression | undefined;
  /** Parameters, or Arguments. */
  readonly parameters: Expression | undefined;
  readonly resultSelector: Expression | undefined;
  readonly resultPath: ((input: JsonValue, result: JsonValue) => JsonValue) | undefined;
  readonly outputPath: Expression | undefined;
  readonly output: Expression | undefined;
  readonly assign: Expression | undefined;
  readonly retriers: readonly Retrier[];
  readonly catchers: readonly Catcher[];
};

export type Retrier = Readonly<{
  errors: readonly string[];
  intervalSeconds: number;
  maxAttempts: number;
  backoffRate: number;
  maxDelaySeconds: number;
  fullJitter: boolean;
}>;

export type Catcher = Readonly<{
  errors: readonly string[];
  next: string;
  resultPath: ((input: JsonValue, result: JsonValue) => JsonValue) | undefined;
  output: Expression | undefined;
  assign: Expression | undefined;
}>;

export type ChoiceBranch = Readonly<{
  matches: (evaluation: Parameters<Expression>[0]) => boolean | Promise<boolean>;
  next: string;
  assign: Expression | undefined;
  output: Expression | undefined;
}>;

/** A number given as a literal, a path or an expression; `location` is the field's place in its state. */
export type NumberField = Readonly<{ name: string; location: string; path: string | undefined; read: Expression }>;

export type PassState = StateBase & { readonly type: "Pass"; readonly result: JsonValue | undefined };
export type SucceedState = StateBase & { readonly type: "Succeed" };
export type FailState = StateBase & {
  readonly type: "Fail";
  readonly error: Expression | undefined;
  readonly cause: Expression | undefined;
};
export type ChoiceState = StateBase & { readonly type: "Choice"; readonly choices: readonly ChoiceBranch[] };
export type WaitState = StateBase & {
  readonly type: "Wait";
  readonly wait: Readonly<{ kind: "seconds" | "timestamp"; field: string; path: string | undefined; read: Expression }>;
};
export type TaskState = StateBase & {
  readonly type: "Task";
  readonly resource: string;
  readonly integration: Integration;
  readonly timeout: NumberField | undefined;
  readonly heartbeat: NumberField | undefined;
  readonly credentials: Expression | undefined;
};
export type ParallelState = StateBase & { readonly type: "Parallel"; readonly branches: readonly Flow[] };
export type MapState = StateBase & {
  readonly type: "Map";
  readonly flow: Flow;
  readonly items: Expression | undefined;
  readonly itemsPath: string | undefined;
  /** The expression in Items, for messages. */
  readonly itemsText: string | undefined;
  readonly itemSelector: Expression | undefined;
  readonly maxConcurrency: NumberField | undefined;
  readonly distributed: DistributedSpec | undefined;
};
export type DistributedSpec = Readonly<{
  executionType: "STANDARD" | "EXPRESS";
  label: string;
  toleratedCount: NumberField | undefined;
  toleratedPercentage: NumberField | undefined;
  reader:
    | Readonly<{ resource: string; parameters: Expression; config: JsonObject; maxItems: NumberField | undefined }>
    | undefined;
  batcher:
    | Readonly<{
        maxItems: NumberField | undefined;
        maxBytes: NumberField | undefined;
        batchInput: Expression | undefined;
      }>
    | undefined;
  /** Without a resource the results stay in the execution, in the form that config asks for. */
  writer: Readonly<{ resource: string | undefined; parameters: Expression; config: JsonObject }> | undefined;
}>;

export type CompiledState =
  | PassState
  | SucceedState
  | FailState
  | ChoiceState
  | WaitState
  | TaskState
  | ParallelState
  | MapState;

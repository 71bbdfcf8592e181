/**
 * defineModel: what a user says about a model, checked twice: by the type in the editor, by the schema at synth.
 *
 * The definition names files of the model's own folder; whether they exist is checked where the folder is known
 * (discover-models.ts). Everything a schema can refuse is refused here, in one line a mistake.
 */
import { z } from "zod";
import { type Framework, sklearn, xgboost } from "./frameworks.ts";

export { sklearn, xgboost };

const FILE_NAME = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/;
const SCHEDULE =
  /^(rate\([1-9]\d* (minutes?|hours?|days?)\)|cron\(\S+( \S+){5}\)|at\(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\))$/;

const fileName = z.string().regex(FILE_NAME, "expected the name of a file in the model's folder");
const instanceType = z.string().regex(/^ml\.[a-z0-9-]+\.[a-z0-9]+$/, 'expected an instance type such as "ml.m5.large"');
const timeoutMinutes = z.int().min(1).max(40_320);
const framework = z.custom<Framework>(
  (value) => typeof value === "object" && value !== null && "repository" in value && "tag" in value,
  'expected a framework such as xgboost("3.2-0") or sklearn("1.4-2")',
);
const columnName = z.string().regex(/^[a-z][a-z0-9_]*$/, "expected lower-case letters, digits and underscores");
const scalar = z.union([z.string(), z.number(), z.boolean()]);

const ModelSchema = z.strictObject({
  /** Also the model package group and the endpoint. */
  name: z
    .string()
    .regex(/^[a-z](-?[a-z0-9])*$/, "expected lower-case letters, digits and single hyphens")
    .max(30),
  dataProduct: z.strictObject({
    /** Glue database; also the data product's name. */
    database: z
      .string()
      .regex(/^[a-z](-?[a-z0-9])*$/, "expected lower-case letters, digits and single hyphens")
      .max(30),
    table: z
      .string()
      .regex(/^[a-z][a-z0-9_]*$/, "expected lower-case letters, digits and underscores")
      .max(128),
    /** How a raw file of the product becomes the table: names, values, types. */
    curation: fileName.default("curation.json"),
    /** A file with fewer rows is refused at publish. */
    minRows: z.int().min(1).default(100),
  }),
  /** The column the model predicts; a probability is that of the greater of its two values. */
  label: columnName,
  /** The product's columns the model uses; all of them when left out. Other columns may change without harm. */
  columns: z.array(columnName).min(1).optional(),
  /** SQL that selects the training rows from the product's table. */
  query: fileName,
  process: z.strictObject({
    script: fileName,
    framework,
    arguments: z.array(z.string()).default(["--train-test-split-ratio", "0.2"]),
    instanceType: instanceType.default("ml.m5.large"),
    timeoutMinutes: timeoutMinutes.default(60),
  }),
  train: z.strictObject({
    script: fileName,
    framework,
    hyperparameters: z.record(z.string(), scalar).default({}),
    /** What to read from the job's log as metrics, by SageMaker's MetricDefinitions. */
    metricDefinitions: z.array(z.strictObject({ Name: z.string(), Regex: z.string() })).default([]),
    instanceType: instanceType.default("ml.m5.large"),
    timeoutMinutes: timeoutMinutes.default(60),
  }),
  evaluate: z.strictObject({
    script: fileName.default("evaluate.py"),
    arguments: z.array(z.string()).default([]),
    metric: z.string().min(1),
    /** A model whose metric is worse than this is registered as Rejected. */
    floor: z.number(),
    better: z.enum(["higher", "lower"]),
  }),
  drift: z.strictObject({
    /** What counts: PSI of every column, or KS of those with numbers and PSI of the others. */
    test: z.enum(["psi", "ks"]),
    /** A feature has moved when that is above this; of PSI, 0.1 is a small shift and 0.25 a large one by convention. */
    threshold: z.number().positive(),
  }),
  /** When to check for retraining without any event: an EventBridge Scheduler expression. */
  schedule: z.string().regex(SCHEDULE, 'expected an expression such as "rate(7 days)" or "cron(0 6 * * ? *)"'),
  /** "manual": a person approves the registered model before it is released. */
  release: z.literal("manual"),
  serve: z
    .strictObject({
      script: fileName.default("inference.py"),
      /** What the endpoint gives for a row, in a line of its own: the positive label's probability, a number, or a label. */
      answers: z.enum(["probability", "number", "label"]).default("probability"),
      instanceType: instanceType.default("ml.m5.large"),
      instanceCount: z.int().min(1).max(100).default(1),
    })
    .prefault({}),
});

/** What {@link defineModel} takes: optional fields may be left out. */
export type ModelDefinition = z.input<typeof ModelSchema>;
/** What the app is built from: every default filled in. */
export type Model = z.output<typeof ModelSchema>;

/** A model's definition is wrong. Final: the message says what to change. */
export class ModelDefinitionError extends Error {
  override readonly name = "ModelDefinitionError";
  readonly code = "MODEL_DEFINITION";
}

/**
 * Checks a model's definition and fills in its defaults.
 *
 * @throws {@link ModelDefinitionError} with one line naming the field, what it holds and what is expected
 */
export function defineModel(definition: ModelDefinition): Model {
  const checked = ModelSchema.safeParse(definition);
  if (checked.success) return checked.data;
  const issues = checked.error.issues.map((issue) => describeIssue(issue, definition));
  throw new ModelDefinitionError(issues.join("; "));
}

function describeIssue(issue: z.core.$ZodIssue, definition: unknown): string {
  const path = issue.path.join(".");
  if (issue.code === "unrecognized_keys") {
    const names = issue.keys.map((key) => `"${key}"`).join(", ");
    return `${path === "" ? "the model" : path} has no field ${names}; check the spelling`;
  }
  const found = issue.path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
    definition,
  );
  const message = issue.message.replace(/^Invalid input: /, "");
  return `${path}: ${message}, found ${found === undefined ? "nothing" : JSON.stringify(found)}`;
}

/**
 * DataProcessing of a batch transform: what of a record is sent, what of it joins the answer, what of both is kept.
 *
 * https://docs.aws.amazon.com/sagemaker/latest/dg/batch-transform-data-processing.html
 */
import type { DataProcessing } from "@aws-sdk/client-sagemaker";
import { parse } from "csv-parse/sync";
import type { JsonValue } from "../../../engine/states/json.ts";
import { compilePath } from "../../../engine/states/jsonpath/compile.ts";
import { JsonPathSyntaxError, parsePath } from "../../../engine/states/jsonpath/parse.ts";
import { validation } from "./errors.ts";
import { JobFailure } from "./job-failure.ts";

export interface DataRules {
  /** What is sent of a record. @throws JobFailure for one that cannot be read */
  sent(record: Buffer): Buffer;
  /** What is kept of a record and what the model answered to it. */
  kept(record: Buffer, answer: Buffer): Buffer;
  /** Whether `kept` needs each record's own answer. */
  readonly perRecord: boolean;
}

type Form = "csv" | "json";

/** A filter sees the record alone. */
const NOTHING_ELSE = { context: () => ({}), variable: () => undefined, nowMs: 0, random: () => 0, uuid: () => "" };

/** @throws ValidationException for a filter that is no JSONPath, or for data this cannot be done with */
export function dataRules(
  { InputFilter = "$", OutputFilter = "$", JoinSource = "None" }: DataProcessing,
  contentType: string | undefined,
  accept: string | undefined,
): DataRules {
  const input = filterOf("InputFilter", InputFilter);
  const output = filterOf("OutputFilter", OutputFilter);
  const joins = JoinSource === "Input";
  const given = formOf(contentType);
  const answered = formOf(accept) ?? given;
  if ((input !== undefined || joins) && given === undefined)
    throw validation(`DataProcessing needs input of ContentType text/csv or application/json, found ${contentType}.`);
  if ((output !== undefined || joins) && answered === undefined)
    throw validation(`DataProcessing needs output of Accept text/csv or application/json, found ${accept}.`);
  return {
    perRecord: joins || output !== undefined,
    sent: (record) => (input === undefined ? record : written(input(read(record, given)), given)),
    kept(record, answer) {
      if (!joins && output === undefined) return answer;
      const value = read(answer, answered);
      const joined = joins ? join(read(record, given), value) : value;
      return written(output === undefined ? joined : output(joined), Array.isArray(joined) ? answered : "json");
    },
  };
}

/** Undefined for `$`, which takes all. */
function filterOf(member: string, text: string): ((value: JsonValue) => JsonValue) | undefined {
  if (text === "$" || text === "") return undefined;
  try {
    const named = namesOf(text);
    const path = compilePath(text);
    return (value) => {
      if (named !== undefined && typeof value === "object" && value !== null && !Array.isArray(value))
        return Object.fromEntries(Object.entries(value).filter(([name]) => named.includes(name)));
      const found = path.read({ ...NOTHING_ELSE, input: value });
      if (found !== undefined) return found;
      throw new JobFailure("ClientError", `${member} ${text} finds nothing in a record`);
    };
  } catch (thrown) {
    if (!(thrown instanceof JsonPathSyntaxError)) throw thrown;
    throw validation(`${member} is not a valid JSONPath: ${thrown.message}`);
  }
}

/** The names of `$['a','b']`: an object of those members, not their values. */
function namesOf(text: string): readonly string[] | undefined {
  const [step, ...more] = parsePath(text).steps;
  return step?.kind === "property" && step.names.length > 1 && more.length === 0 ? step.names : undefined;
}

function formOf(contentType: string | undefined): Form | undefined {
  const type = contentType?.split(";")[0]?.trim().toLowerCase();
  if (type === "text/csv") return "csv";
  return type === "application/json" || type === "application/jsonlines" ? "json" : undefined;
}

function read(record: Buffer, form: Form | undefined): JsonValue {
  const text = record.toString("utf8");
  try {
    if (form === "json") return JSON.parse(text);
    const rows: string[][] = parse(text, { relax_column_count: true, relax_quotes: true });
    return rows[0] ?? [];
  } catch (thrown) {
    const reason = thrown instanceof Error ? thrown.message : String(thrown);
    throw new JobFailure("ClientError", `Unable to parse data as ${form}: ${reason}, found ${text.slice(0, 100)}`);
  }
}

function written(value: JsonValue, form: Form | undefined): Buffer {
  if (form !== "csv") return Buffer.from(JSON.stringify(value));
  const fields = Array.isArray(value) ? value : [value];
  return Buffer.from(fields.map(field).join(","));
}

function field(value: JsonValue): string {
  const text = typeof value === "string" ? value : value === null ? "" : JSON.stringify(value);
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** CSV: the answer's fields after the record's; JSON: in the record, as SageMakerOutput. */
function join(record: JsonValue, answer: JsonValue): JsonValue {
  if (Array.isArray(record) && Array.isArray(answer)) return [...record, ...answer];
  if (typeof record === "object" && record !== null && !Array.isArray(record))
    return { ...record, SageMakerOutput: answer };
  return { SageMakerInput: record, SageMakerOutput: answer };
}

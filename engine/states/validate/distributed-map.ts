/**
 * Validates where a distributed Map reads its items, how it batches them and where it writes results.
 * Sources: https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html, …-itembatcher.html,
 * …-resultwriter.html
 */
import { isArray, isObject, type JsonObject, type JsonValue } from "../json.ts";
import { onlyOneOf, wrongLanguage } from "./fields.ts";
import type { Findings } from "./findings.ts";
import { validateBatcherNumbers, validateReaderNumbers } from "./numbers.ts";

const READERS = ["arn:aws:states:::s3:getObject", "arn:aws:states:::s3:listObjectsV2"];
const WRITERS = ["arn:aws:states:::s3:putObject"];
const CHOICES: Readonly<Record<string, readonly string[]>> = {
  InputType: ["CSV", "JSON", "JSONL", "PARQUET", "MANIFEST"],
  CSVHeaderLocation: ["FIRST_ROW", "GIVEN"],
  CSVDelimiter: ["COMMA", "PIPE", "SEMICOLON", "SPACE", "TAB"],
  ManifestType: ["ATHENA_DATA", "S3_INVENTORY"],
  OutputType: ["JSON", "JSONL"],
};
const READER_TRANSFORMATIONS = ["NONE", "LOAD_AND_FLATTEN"];
const WRITER_TRANSFORMATIONS = ["NONE", "COMPACT", "FLATTEN"];

/** What the fields of one object may be, beside those of the other language. */
type Shape = Readonly<{ both: readonly string[]; jsonPath: readonly string[]; jsonata: readonly string[] }>;

const READER: Shape = { both: ["Resource", "ReaderConfig"], jsonPath: ["Parameters"], jsonata: ["Arguments"] };
const CONFIG: Shape = {
  both: [
    ...Object.keys(CHOICES).filter((field) => field !== "OutputType"),
    "CSVHeaders",
    "MaxItems",
    "Transformation",
    "ItemsPointer",
  ],
  jsonPath: ["MaxItemsPath"],
  jsonata: [],
};
const BATCHER: Shape = {
  both: ["BatchInput", "MaxItemsPerBatch", "MaxInputBytesPerBatch"],
  jsonPath: ["MaxItemsPerBatchPath", "MaxInputBytesPerBatchPath"],
  jsonata: [],
};
const WRITER: Shape = { both: ["Resource", "WriterConfig"], jsonPath: ["Parameters"], jsonata: ["Arguments"] };
const WRITER_CONFIG: Shape = { both: ["Transformation", "OutputType"], jsonPath: [], jsonata: [] };

/** Of an ItemReader: its resource, its arguments' language, and its ReaderConfig. */
export function validateReader(value: JsonValue, at: string, jsonata: boolean, findings: Findings): void {
  if (!isShaped(value, at, READER, jsonata, findings)) return;
  if (value.Resource === undefined) findings.error("The field 'Resource' is required but was missing", at);
  else validateResource(value.Resource, READERS, `${at}/Resource`, findings);
  const { ReaderConfig: config } = value;
  const where = `${at}/ReaderConfig`;
  if (config === undefined || !isShaped(config, where, CONFIG, jsonata, findings)) return;
  validateChoices(config, where, READER_TRANSFORMATIONS, findings);
  validateReaderNumbers(config, where, jsonata, findings);
  onlyOneOf(config, where, ["MaxItems", "MaxItemsPath"], findings);
  validateHeaders(config, where, findings);
  if (config.ItemsPointer !== undefined && typeof config.ItemsPointer !== "string")
    findings.error("Expected value of type String", `${where}/ItemsPointer`);
}

/** Of an ItemBatcher, which has to limit items or bytes. */
export function validateBatcher(value: JsonValue, at: string, jsonata: boolean, findings: Findings): void {
  if (!isShaped(value, at, BATCHER, jsonata, findings)) return;
  validateBatcherNumbers(value, at, jsonata, findings);
  const limits = ["MaxItemsPerBatch", "MaxInputBytesPerBatch"];
  for (const field of limits) onlyOneOf(value, at, [field, `${field}Path`], findings);
  const given = limits.flatMap((field) => [field, `${field}Path`]);
  if (given.every((field) => value[field] === undefined))
    findings.error(`At least one of these fields is required: [${given.join(", ")}]`, at);
}

/** Of a ResultWriter: a destination, a WriterConfig, or both. */
export function validateWriter(value: JsonValue, at: string, jsonata: boolean, findings: Findings): void {
  if (!isShaped(value, at, WRITER, jsonata, findings)) return;
  const { Resource: resource, WriterConfig: config } = value;
  const template = jsonata ? "Arguments" : "Parameters";
  if (resource !== undefined) validateResource(resource, WRITERS, `${at}/Resource`, findings);
  else if (value[template] !== undefined || config === undefined)
    findings.error("The field 'Resource' is required but was missing", at);
  if (resource !== undefined && value[template] === undefined)
    findings.error(`The field '${template}' is required but was missing`, at);
  const where = `${at}/WriterConfig`;
  if (config !== undefined && isShaped(config, where, WRITER_CONFIG, jsonata, findings))
    validateChoices(config, where, WRITER_TRANSFORMATIONS, findings);
}

function isShaped(
  value: JsonValue,
  at: string,
  { both, jsonPath, jsonata: ofJsonata }: Shape,
  jsonata: boolean,
  findings: Findings,
): value is JsonObject {
  if (!isObject(value)) {
    findings.error("Expected value of type Object", at);
    return false;
  }
  for (const field of Object.keys(value)) {
    if (both.includes(field) || (jsonata ? ofJsonata : jsonPath).includes(field)) continue;
    if ((jsonata ? jsonPath : ofJsonata).includes(field)) wrongLanguage(field, at, jsonata, findings);
    else findings.error(`Field '${field}' is not supported`, at);
  }
  return true;
}

function validateResource(value: JsonValue, known: readonly string[], at: string, findings: Findings): void {
  if (typeof value !== "string") findings.error("Expected value of type String", at);
  else if (!known.includes(value.replace(/^arn:aws[\w-]*:/, "arn:aws:"))) {
    const why = "The value is not a valid resource ARN, or the resource is not available in this region.";
    findings.error(`The resource provided ${value} is not recognized. ${why}`, at);
  }
}

function validateChoices(config: JsonObject, at: string, transformations: readonly string[], findings: Findings): void {
  for (const [field, known] of Object.entries({ ...CHOICES, Transformation: transformations })) {
    const value = config[field];
    if (value !== undefined && !known.some((name) => name === value))
      findings.error(`Value should be one of the following: [${known.join(", ")}]`, `${at}/${field}`);
  }
}

function validateHeaders(config: JsonObject, at: string, findings: Findings): void {
  const { CSVHeaders: headers } = config;
  const areGiven = config.CSVHeaderLocation === "GIVEN";
  if (areGiven && headers === undefined) findings.error("The field 'CSVHeaders' is required but was missing", at);
  if (headers === undefined) return;
  if (!isArray(headers)) findings.error("Expected value of type Array", `${at}/CSVHeaders`);
  for (const [index, header] of (isArray(headers) ? headers : []).entries()) {
    if (typeof header !== "string") findings.error("Expected value of type String", `${at}/CSVHeaders[${index}]`);
  }
}

/** Distributed Maps as AWS documents their readers, batchers and writers; and what the documentation rules out. */
import { describe, expect, it } from "vitest";
import { parseDefinition } from "../../../../engine/index.ts";

const PROCESSOR = {
  ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "EXPRESS" },
  StartAt: "Each",
  States: { Each: { Type: "Pass", End: true } },
};
const OBJECT = "arn:aws:states:::s3:getObject";
const LIST = "arn:aws:states:::s3:listObjectsV2";
const told = (map: object) =>
  parseDefinition(
    JSON.stringify({ StartAt: "M", States: { M: { Type: "Map", ItemProcessor: PROCESSOR, ...map, End: true } } }),
  ).diagnostics.map(({ message, location }) => `${message} at ${location}`);

const inJsonPath = (Resource: string, ReaderConfig: object) => ({
  ItemReader: { Resource, ReaderConfig, Parameters: { Bucket: "b", "Key.$": "$.key" } },
});
const inJsonata = (Resource: string, ReaderConfig: object) => ({
  QueryLanguage: "JSONata",
  ItemReader: { Resource, ReaderConfig, Arguments: { Bucket: "b", Key: "{% $states.input.key %}" } },
});

describe("a distributed Map", () => {
  it.each([
    [OBJECT, { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW", CSVDelimiter: "PIPE", MaxItems: 100 }],
    [OBJECT, { InputType: "CSV", CSVHeaderLocation: "GIVEN", CSVHeaders: ["a", "b"] }],
    [OBJECT, { InputType: "JSON", ItemsPointer: "/orders/items" }],
    [OBJECT, { InputType: "JSONL" }],
    [OBJECT, { InputType: "PARQUET" }],
    [OBJECT, { InputType: "MANIFEST", ManifestType: "S3_INVENTORY" }],
    [OBJECT, { InputType: "CSV", ManifestType: "ATHENA_DATA" }],
    [LIST, { InputType: "JSON", Transformation: "LOAD_AND_FLATTEN" }],
    [LIST, {}],
  ])("reads by %s as documented: %j", (resource, config) => {
    expect(told(inJsonPath(resource, config))).toEqual([]);
    expect(told(inJsonata(resource, config))).toEqual([]);
  });

  it.each([
    { ItemReader: { Resource: LIST, ReaderConfig: { MaxItemsPath: "$.max" }, Parameters: { Bucket: "b" } } },
    { MaxConcurrencyPath: "$.at", ToleratedFailurePercentagePath: "$.part", ToleratedFailureCountPath: "$.count" },
    { ItemBatcher: { MaxItemsPerBatchPath: "$.n", MaxInputBytesPerBatch: 1000, BatchInput: { "a.$": "$.a" } } },
    { ItemSelector: { "size.$": "$.size", "item.$": "$$.Map.Item.Value" }, ItemsPath: "$.items", Label: "each" },
    {
      ResultWriter: {
        Resource: "arn:aws:states:::s3:putObject",
        WriterConfig: { Transformation: "FLATTEN", OutputType: "JSONL" },
        Parameters: { Bucket: "b", Prefix: "p" },
      },
    },
    { ResultWriter: { WriterConfig: { Transformation: "COMPACT", OutputType: "JSON" } } },
    {
      QueryLanguage: "JSONata",
      Items: "{% $states.input.list %}",
      ItemSelector: { n: "{% $states.context.Map.Item.Value %}" },
      ItemBatcher: { MaxItemsPerBatch: "{% $states.input.n %}", BatchInput: { a: "{% $states.input.a %}" } },
      ToleratedFailurePercentage: "{% $states.input.part %}",
      MaxConcurrency: "{% $states.input.at %}",
    },
  ])("takes what is documented: %j", (fields) => {
    expect(told(fields)).toEqual([]);
  });

  it.each([
    [
      inJsonPath(OBJECT, { InputType: "XML" }),
      "Value should be one of the following: [CSV, JSON, JSONL, PARQUET, MANIFEST] at /States/M/ItemReader/ReaderConfig/InputType",
    ],
    [
      inJsonPath(OBJECT, { CSVHeaderLocation: "GIVEN" }),
      "The field 'CSVHeaders' is required but was missing at /States/M/ItemReader/ReaderConfig",
    ],
    [
      inJsonPath(OBJECT, { ItemsPointer: 1 }),
      "Expected value of type String at /States/M/ItemReader/ReaderConfig/ItemsPointer",
    ],
    [
      inJsonata(OBJECT, { MaxItemsPath: "$.n" }),
      "The QueryLanguage is set to 'JSONata', but field 'MaxItemsPath' is only supported for the 'JSONPath' QueryLanguage at /States/M/ItemReader/ReaderConfig",
    ],
    [
      inJsonPath("arn:aws:states:::s3:putObject", {}),
      "The resource provided arn:aws:states:::s3:putObject is not recognized. The value is not a valid resource ARN, or the resource is not available in this region. at /States/M/ItemReader/Resource",
    ],
    [
      { ToleratedFailureCount: 1, ToleratedFailureCountPath: "$.n" },
      "There should only be one of the following fields: [ToleratedFailureCount, ToleratedFailureCountPath] at /States/M",
    ],
  ])("is refused where the documentation rules it out: %j", (fields, expected) => {
    expect(told(fields)).toEqual([expected]);
  });
});

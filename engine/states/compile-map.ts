/** Compiles Map states, inline and distributed. */
import { jsonataField, numberField, templateField } from "./compile-base.ts";
import type { DistributedSpec, Flow, MapState, StateBase } from "./compiled.ts";
import type { Expression } from "./evaluation.ts";
import { hashHex } from "./hash.ts";
import { isObject, type JsonObject, type JsonValue } from "./json.ts";
import { expressionText } from "./jsonata/expression.ts";
import { compileReferenceRead } from "./jsonpath/reference-path.ts";
import { uuidText } from "./uuid.ts";

export function compileMap(base: StateBase, source: JsonObject, flow: Flow): MapState {
  const { jsonata } = base;
  const itemsPath = typeof source.ItemsPath === "string" && source.ItemsPath !== "$" ? source.ItemsPath : undefined;
  const selector = source.ItemSelector ?? (jsonata ? undefined : source.Parameters);
  return {
    ...base,
    type: "Map",
    flow,
    itemsPath,
    itemsText: typeof source.Items === "string" ? expressionText(source.Items) : undefined,
    items: jsonata
      ? jsonataField(source.Items, "Items")
      : itemsPath === undefined
        ? undefined
        : compileReferenceRead(itemsPath),
    itemSelector: template(selector, "ItemSelector", jsonata),
    maxConcurrency: numberField(source, "MaxConcurrency", jsonata),
    distributed: compileDistributed(source, base),
  };
}

function template(value: JsonValue | undefined, field: string, jsonata: boolean): Expression | undefined {
  return jsonata ? jsonataField(value, field) : templateField(value);
}

function compileDistributed(source: JsonObject, base: StateBase): DistributedSpec | undefined {
  const processor = isObject(source.ItemProcessor) ? source.ItemProcessor : source.Iterator;
  const config = isObject(processor) && isObject(processor.ProcessorConfig) ? processor.ProcessorConfig : undefined;
  if (config?.Mode !== "DISTRIBUTED") return undefined;
  return {
    executionType: config.ExecutionType === "EXPRESS" ? "EXPRESS" : "STANDARD",
    label: typeof source.Label === "string" ? source.Label : labelOf(base.name),
    toleratedCount: numberField(source, "ToleratedFailureCount", base.jsonata),
    toleratedPercentage: numberField(source, "ToleratedFailurePercentage", base.jsonata),
    reader: compileReader(source.ItemReader, base.jsonata),
    batcher: compileBatcher(source.ItemBatcher, base.jsonata),
    writer: compileWriter(source.ResultWriter, base.jsonata),
  };
}

/** Without a Label AWS has the name-based UUID (version 3, without a namespace) of the state's name. */
function labelOf(name: string): string {
  return uuidText(hashHex("MD5", name), 3);
}

function compileReader(source: JsonValue | undefined, jsonata: boolean): DistributedSpec["reader"] {
  if (!isObject(source)) return undefined;
  const config = isObject(source.ReaderConfig) ? source.ReaderConfig : {};
  return {
    resource: String(source.Resource),
    parameters: template(source.Parameters ?? source.Arguments ?? {}, "ItemReader/Arguments", jsonata) ?? (() => ({})),
    config,
    maxItems: numberField(config, "MaxItems", jsonata, "ItemReader/ReaderConfig/"),
  };
}

function compileBatcher(source: JsonValue | undefined, jsonata: boolean): DistributedSpec["batcher"] {
  if (!isObject(source)) return undefined;
  return {
    maxItems: numberField(source, "MaxItemsPerBatch", jsonata, "ItemBatcher/"),
    maxBytes: numberField(source, "MaxInputBytesPerBatch", jsonata, "ItemBatcher/"),
    batchInput: template(source.BatchInput, "ItemBatcher/BatchInput", jsonata),
  };
}

function compileWriter(source: JsonValue | undefined, jsonata: boolean): DistributedSpec["writer"] {
  if (!isObject(source)) return undefined;
  return {
    resource: typeof source.Resource === "string" ? source.Resource : undefined,
    parameters:
      template(source.Parameters ?? source.Arguments ?? {}, "ResultWriter/Arguments", jsonata) ?? (() => ({})),
    config: isObject(source.WriterConfig) ? source.WriterConfig : {},
  };
}

/** Validates what only a Map has: its processor, its label, and what only a distributed one may have. */
import { isObject, type JsonObject, type JsonValue } from "../json.ts";
import { validateBatcher, validateReader, validateWriter } from "./distributed-map.ts";
import type { Surroundings } from "./findings.ts";
import { validateFlow } from "./flow.ts";

const MAX_LABEL = 40;
const LABEL_REFUSED = /[\s?*<>{}[\]:;,\\|^~$#%&`"\p{Cc}]/u;

export function validateMap(state: JsonObject, at: string, jsonata: boolean, around: Surroundings): void {
  const { findings } = around;
  const field = state.ItemProcessor === undefined ? "Iterator" : "ItemProcessor";
  const processor = state[field];
  if (processor === undefined)
    findings.error("This object should have only one of the following fields: [ItemProcessor, Iterator]", at);
  else if (!isObject(processor)) findings.error("Expected value of type Object", `${at}/${field}`);
  else {
    validateConfig(processor, `${at}/${field}/ProcessorConfig`, around);
    validateFlow(processor, `${at}/${field}`, isExpress(processor) ? { ...around, type: "EXPRESS" } : around);
  }
  if (state.Label !== undefined) validateLabel(state.Label, `${at}/Label`, around);
  const { ItemReader: reader, ItemBatcher: batcher, ResultWriter: writer } = state;
  if (reader !== undefined) validateReader(reader, `${at}/ItemReader`, jsonata, findings);
  if (batcher !== undefined) validateBatcher(batcher, `${at}/ItemBatcher`, jsonata, findings);
  if (writer !== undefined) validateWriter(writer, `${at}/ResultWriter`, jsonata, findings);
}

/** Its executions are Express ones, which must not hold what an Express state machine must not. */
function isExpress({ ProcessorConfig: config }: JsonObject): boolean {
  return isObject(config) && config.Mode === "DISTRIBUTED" && config.ExecutionType === "EXPRESS";
}

function validateConfig(processor: JsonObject, at: string, { type, findings }: Surroundings): void {
  const { ProcessorConfig: config } = processor;
  if (config === undefined) return;
  if (!isObject(config)) {
    findings.error("Expected value of type Object", at);
    return;
  }
  for (const field of Object.keys(config)) {
    if (field !== "Mode" && field !== "ExecutionType") findings.error(`Field '${field}' is not supported`, at);
  }
  const { Mode: mode, ExecutionType: executionType } = config;
  if (mode !== undefined && mode !== "INLINE" && mode !== "DISTRIBUTED")
    findings.error("Value should be one of the following: [INLINE, DISTRIBUTED]", `${at}/Mode`);
  if (executionType !== undefined && executionType !== "STANDARD" && executionType !== "EXPRESS")
    findings.error("Value should be one of the following: [STANDARD, EXPRESS]", `${at}/ExecutionType`);
  if (mode === "DISTRIBUTED" && type === "EXPRESS") {
    const message = "The field 'Mode' with value 'DISTRIBUTED' is not supported inside 'EXPRESS' state machines";
    findings.error(message, `${at}/Mode`);
  }
}

function validateLabel(label: JsonValue, at: string, { findings, labels }: Surroundings): void {
  if (typeof label !== "string" || label === "" || label.length > MAX_LABEL || LABEL_REFUSED.test(label)) {
    const must = `must have 1 to ${MAX_LABEL} characters, without white space, wildcards or special characters`;
    findings.error(`Invalid label ${JSON.stringify(label)}: it ${must}`, at, "INVALID_LABEL_NAME");
    return;
  }
  if (labels.has(label)) findings.error(`Duplicate label: ${label}`, at, "DUPLICATE_LABEL_NAME");
  labels.add(label);
}

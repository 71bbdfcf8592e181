/** Fields that take a number: whole, and within AWS's bounds. In JSONata an expression may stand instead. */
import type { JsonObject } from "../json.ts";
import { expressionText } from "../jsonata/expression.ts";
import type { Findings } from "./findings.ts";

type Bounds = Readonly<{ min?: number; max?: number; fraction?: boolean }>;

const STATE_NUMBERS: Readonly<Record<string, Bounds>> = {
  TimeoutSeconds: { min: 1, max: 99_999_999 },
  HeartbeatSeconds: { min: 1, max: 99_999_999 },
  Seconds: { min: 0, max: 99_999_999 },
  MaxConcurrency: { min: 0 },
  ToleratedFailureCount: { min: 0 },
  ToleratedFailurePercentage: { min: 0, max: 100, fraction: true },
};
const RETRIER_NUMBERS: Readonly<Record<string, Bounds>> = {
  IntervalSeconds: { min: 0, max: 99_999_999 },
  MaxAttempts: { min: 0, max: 99_999_999 },
  BackoffRate: { min: 1, fraction: true },
  MaxDelaySeconds: { min: 1, max: 31_622_400 },
};

const READER_NUMBERS: Readonly<Record<string, Bounds>> = { MaxItems: { min: 0, max: 100_000_000 } };
const BATCHER_NUMBERS: Readonly<Record<string, Bounds>> = {
  MaxItemsPerBatch: { min: 0 },
  MaxInputBytesPerBatch: { min: 0 },
};
const MACHINE_NUMBERS: Readonly<Record<string, Bounds>> = { TimeoutSeconds: { min: 1, max: 99_999_999 } };

/** The state machine's own timeout: a number in either language. */
export function validateMachineNumbers(source: JsonObject, findings: Findings): void {
  validateNumbers(source, "", MACHINE_NUMBERS, false, findings);
}

export function validateReaderNumbers(config: JsonObject, at: string, jsonata: boolean, findings: Findings): void {
  validateNumbers(config, at, READER_NUMBERS, jsonata, findings);
}

export function validateBatcherNumbers(batcher: JsonObject, at: string, jsonata: boolean, findings: Findings): void {
  validateNumbers(batcher, at, BATCHER_NUMBERS, jsonata, findings);
}

export function validateStateNumbers(state: JsonObject, at: string, jsonata: boolean, findings: Findings): void {
  validateNumbers(state, at, STATE_NUMBERS, jsonata, findings);
}

export function validateRetrierNumbers(retrier: JsonObject, at: string, findings: Findings): void {
  validateNumbers(retrier, at, RETRIER_NUMBERS, false, findings);
}

function validateNumbers(
  source: JsonObject,
  at: string,
  numbers: Readonly<Record<string, Bounds>>,
  jsonata: boolean,
  findings: Findings,
): void {
  for (const [field, { min, max, fraction }] of Object.entries(numbers)) {
    const value = source[field];
    if (value === undefined) continue;
    if (jsonata && typeof value === "string" && expressionText(value) !== undefined) continue;
    const where = `${at}/${field}`;
    if (typeof value !== "number") findings.error(`Expected value of type ${fraction ? "Number" : "Integer"}`, where);
    else if (fraction !== true && !Number.isInteger(value)) findings.error("Expected value of type Integer", where);
    else if (min !== undefined && value < min) findings.error(`Minimum value is ${bound(min, fraction)}`, where);
    else if (max !== undefined && value > max) findings.error(`Maximum value is ${bound(max, fraction)}`, where);
  }
}

/** AWS prints the bound as a number of the field's kind. */
function bound(value: number, fraction = false): string {
  return fraction ? value.toFixed(1) : String(value);
}

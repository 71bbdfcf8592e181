/** Reads fields that must be numbers, with AWS's words for those that are not. */

import type { NumberField } from "../compiled.ts";
import { type Evaluation, type MaybePromise, whenReady } from "../evaluation.ts";
import type { JsonValue } from "../json.ts";
import { shownJson } from "../shown.ts";
import { evaluationError, runtimeError } from "../state-error.ts";

/** A whole number, given as such or (by a path) as its text; undefined if the field is absent. */
export function readInteger(field: NumberField | undefined, evaluation: Evaluation): MaybePromise<number | undefined> {
  return readNumber(field, evaluation, "integer", Number.isInteger);
}

export function readFloat(field: NumberField | undefined, evaluation: Evaluation): MaybePromise<number | undefined> {
  return readNumber(field, evaluation, "float", Number.isFinite);
}

function readNumber(
  field: NumberField | undefined,
  evaluation: Evaluation,
  kind: string,
  fits: (value: number) => boolean,
): MaybePromise<number | undefined> {
  if (field === undefined) return undefined;
  return whenReady(field.read(evaluation), (value) => {
    const number = typeof value === "string" && value.trim() !== "" && field.path !== undefined ? Number(value) : value;
    if (typeof number === "number" && fits(number)) return number;
    throw notANumber(field, value, kind);
  });
}

function notANumber(field: NumberField, value: JsonValue, kind: string) {
  const shown = typeof value === "string" ? value : shownJson(value);
  if (field.path !== undefined) {
    return runtimeError(
      `The ${field.name} field refers to value "${shown}" which is not a valid ${kind}: ${field.path}`,
    );
  }
  return evaluationError(`The ${field.name} field must be a valid ${kind} but was: ${shown}`, field.location);
}

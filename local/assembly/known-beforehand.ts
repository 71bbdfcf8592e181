/** What of a template's value can be known before any resource is made. */
import { intrinsicOf } from "./intrinsic.ts";
import { resolveValue } from "./resolve-value.ts";
import { NO_VALUE, type Scope } from "./scope.ts";
import type { StackModel } from "./stack-model.ts";

/** Thrown by what depends on a resource, before that is made. */
export class NotKnownYet extends Error {
  override readonly name = "NotKnownYet";
}

/**
 * `value` with conditions decided and every intrinsic resolved that refers to no resource; the others stay.
 * @throws AssemblyError for an intrinsic that cannot be resolved whatever is made
 */
export function knownBeforehand(value: unknown, model: Pick<StackModel, "scope" | "lateParameters">, at: string) {
  return settle(value, earlyScope(model), at);
}

/** Whether anything of `value` is an intrinsic that stayed. */
export function hasIntrinsics(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return intrinsicOf(value) !== undefined || Object.values(value).some(hasIntrinsics);
}

/** A stack's scope before any resource is made. @throws (on use) NotKnownYet for what hangs on one */
export function earlyScope({ scope, lateParameters }: Pick<StackModel, "scope" | "lateParameters">): Scope {
  const later = (): never => {
    throw new NotKnownYet();
  };
  return {
    ...scope,
    parameter: (name) => (lateParameters.has(name) ? later() : scope.parameter(name)),
    reference: later,
    attribute: later,
    importValue: later,
    stackOutput: later,
  };
}

function settle(value: unknown, scope: Scope, at: string): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => settle(one, scope, at)).filter((one) => one !== NO_VALUE);
  const intrinsic = intrinsicOf(value);
  if (intrinsic === undefined) {
    const entries = Object.entries(value).map(([key, inner]) => [key, settle(inner, scope, at)] as const);
    return Object.fromEntries(entries.filter(([, inner]) => inner !== NO_VALUE));
  }
  const { name, argument } = intrinsic;
  if (name === "Fn::If" && Array.isArray(argument) && argument.length === 3)
    return settle(scope.condition(String(argument[0])) ? argument[1] : argument[2], scope, at);
  try {
    return resolveValue(value, scope, at);
  } catch (thrown) {
    if (thrown instanceof NotKnownYet) return value;
    throw thrown;
  }
}

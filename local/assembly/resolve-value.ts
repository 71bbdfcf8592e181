/**
 * Intrinsic functions: a template's value with every Ref and Fn:: replaced by what it stands for.
 *
 * Pure and synchronous: the scope answers what is known of resources and parameters, so the same template over the
 * same scope resolves the same. Semantics:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
import { AssemblyError } from "./assembly-error.ts";
import { evaluateCondition, isConditionFunction } from "./conditions.ts";
import { intrinsicOf } from "./intrinsic.ts";
import { NO_VALUE, type Scope } from "./scope.ts";
import { type Evaluate, VALUE_FUNCTIONS } from "./value-functions.ts";

/**
 * Resolves `value` in `scope`; `at` names the place in messages, e.g. "stack/LogicalId".
 * @returns the plain value, or NO_VALUE when the whole of it is AWS::NoValue.
 * @throws AssemblyError AssemblyInvalid naming function and place.
 */
export function resolveValue(value: unknown, scope: Scope, at: string): unknown {
  if (typeof value !== "object" || value === null) return value;
  const intrinsic = intrinsicOf(value);
  if (intrinsic) return resolveIntrinsic(intrinsic.name, intrinsic.argument, scope, at);
  if (Array.isArray(value)) {
    return value.map((entry) => resolveValue(entry, scope, at)).filter((entry) => entry !== NO_VALUE);
  }
  const resolved: Record<string, unknown> = {};
  for (const [key, entry] of Object.entries(value)) {
    const inner = resolveValue(entry, scope, at);
    if (inner !== NO_VALUE) setOwn(resolved, key, inner);
  }
  return resolved;
}

function resolveIntrinsic(name: string, argument: unknown, scope: Scope, at: string): unknown {
  const evaluate: Evaluate = (inner) => resolveValue(inner, scope, at);
  if (name === "Ref") return resolveReference(argument, scope, at);
  if (name === "Fn::If") return resolveIf(argument, scope, at);
  if (isConditionFunction(name)) return evaluateCondition({ [name]: argument }, scope, at, resolveValue);
  const run = VALUE_FUNCTIONS[name];
  if (!run) throw new AssemblyError("AssemblyUnsupported", `${at}: the intrinsic function ${name} is not supported`);
  return run(argument, evaluate, scope, at);
}

function resolveReference(argument: unknown, scope: Scope, at: string): unknown {
  if (typeof argument !== "string") {
    throw new AssemblyError("AssemblyInvalid", `${at}: Ref takes a name, not ${JSON.stringify(argument)}`);
  }
  if (argument === "AWS::NoValue") return NO_VALUE;
  return scope.hasParameter(argument) ? scope.parameter(argument) : scope.reference(argument);
}

function resolveIf(argument: unknown, scope: Scope, at: string): unknown {
  if (!Array.isArray(argument) || argument.length !== 3 || typeof argument[0] !== "string") {
    throw new AssemblyError("AssemblyInvalid", `${at}: Fn::If takes [condition name, value if true, value if false]`);
  }
  return resolveValue(scope.condition(argument[0]) ? argument[1] : argument[2], scope, at);
}

// "__proto__" is a legal JSON key: it must become a property, not the prototype.
function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Condition functions: And, Or, Not, Equals and references to named conditions. */
import { AssemblyError } from "./assembly-error.ts";
import type { Scope } from "./scope.ts";

/** Resolves the operands of Fn::Equals; given in, for values and conditions refer to each other. */
export type Resolve = (value: unknown, scope: Scope, at: string) => unknown;

const CONDITION_FUNCTIONS: ReadonlySet<string> = new Set(["Fn::And", "Fn::Or", "Fn::Not", "Fn::Equals"]);

/** Whether `name` is a function that answers true or false. */
export const isConditionFunction = (name: string): boolean => CONDITION_FUNCTIONS.has(name);

/**
 * Evaluates a condition expression.
 * @throws AssemblyError AssemblyInvalid for anything that is not one.
 */
export function evaluateCondition(expression: unknown, scope: Scope, at: string, resolve: Resolve): boolean {
  if (typeof expression !== "object" || expression === null) throw malformed(expression, at);
  const [entry] = Object.entries(expression);
  if (entry === undefined) throw malformed(expression, at);
  const [name, argument] = entry;
  if (name === "Condition" && typeof argument === "string") return scope.condition(argument);
  if (!Array.isArray(argument)) throw malformed(expression, at);
  const each = (inner: unknown) => evaluateCondition(inner, scope, at, resolve);
  switch (name) {
    case "Fn::And":
      return argument.every(each);
    case "Fn::Or":
      return argument.some(each);
    case "Fn::Not":
      return !each(argument[0]);
    case "Fn::Equals":
      return same(resolve(argument[0], scope, at), resolve(argument[1], scope, at));
    default:
      throw malformed(expression, at);
  }
}

/**
 * Answers a template's named conditions, each evaluated once.
 * @throws AssemblyError AssemblyCycle when conditions refer to each other in a ring.
 */
export function conditionTable(
  conditions: Readonly<Record<string, unknown>>,
  scope: () => Scope,
  stackName: string,
  resolve: Resolve,
): (name: string) => boolean {
  const known = new Map<string, boolean>();
  const open: string[] = [];
  return (name) => {
    const answered = known.get(name);
    if (answered !== undefined) return answered;
    if (!Object.hasOwn(conditions, name)) {
      throw new AssemblyError(
        "AssemblyInvalid",
        `${stackName} refers to the condition ${name}, which it does not define`,
      );
    }
    if (open.includes(name)) {
      throw new AssemblyError("AssemblyCycle", `${stackName}: conditions in a ring: ${[...open, name].join(" → ")}`);
    }
    open.push(name);
    const value = evaluateCondition(conditions[name], scope(), `${stackName}/Conditions/${name}`, resolve);
    open.pop();
    known.set(name, value);
    return value;
  };
}

// CloudFormation compares text: the number 1 and the string "1" are equal.
const same = (left: unknown, right: unknown) => conditionText(left) === conditionText(right);
/** What a value is compared as. */
export const conditionText = (value: unknown): string =>
  typeof value === "object" ? JSON.stringify(value) : String(value);

const malformed = (expression: unknown, at: string) =>
  new AssemblyError(
    "AssemblyInvalid",
    `${at}: expected a condition (Fn::And, Fn::Equals, Fn::Not, Fn::Or, or Condition with a name), found ${JSON.stringify(expression)}`,
  );

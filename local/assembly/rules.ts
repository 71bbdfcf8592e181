/**
 * A template's Rules: what it asserts of its parameters before anything is made.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
 */
import { AssemblyError } from "./assembly-error.ts";
import { conditionText } from "./conditions.ts";
import { earlyScope, NotKnownYet } from "./known-beforehand.ts";
import { resolveValue } from "./resolve-value.ts";
import type { Scope } from "./scope.ts";
import type { StackModel } from "./stack-model.ts";
import type { Template } from "./template.ts";

const RULE_FUNCTIONS: ReadonlySet<string> = new Set(["Fn::Contains", "Fn::EachMemberEquals", "Fn::EachMemberIn"]);

/** Whether `name` is a function that only rules know, and the home has. */
export const isRuleFunction = (name: string): boolean => RULE_FUNCTIONS.has(name);

/** @throws AssemblyError AssemblyInvalid listing every assertion that does not hold, with what it says of itself */
export function checkRules(stacks: readonly { model: StackModel; template: Template }[]): void {
  const broken = stacks.flatMap(({ model, template }) =>
    Object.entries(template.Rules).flatMap(([name, { RuleCondition, Assertions }]) => {
      const at = `${model.stackName}/Rules/${name}`;
      const holds = (expression: unknown) => decided(expression, earlyScope(model), at);
      if (RuleCondition !== undefined && !holds(RuleCondition)) return [];
      return Assertions.filter(({ Assert }) => !holds(Assert)).map(
        ({ Assert, AssertDescription }) => `${at}: ${AssertDescription ?? `${JSON.stringify(Assert)} is false`}`,
      );
    }),
  );
  if (broken.length === 0) return;
  throw new AssemblyError(
    "AssemblyInvalid",
    `${broken.length} rule(s) do not hold for the parameters; nothing was created:\n  ${broken.join("\n  ")}\nGive other values (--parameters STACK:NAME=VALUE).`,
  );
}

function decided(expression: unknown, scope: Scope, at: string): boolean {
  try {
    return holdsIn(expression, scope, at);
  } catch (thrown) {
    if (!(thrown instanceof NotKnownYet)) throw thrown;
    throw new AssemblyError("AssemblyInvalid", `${at} hangs on what is known only once another resource is made`);
  }
}

function holdsIn(expression: unknown, scope: Scope, at: string): boolean {
  const malformed = () => new AssemblyError("AssemblyInvalid", `${at}: no rule: ${JSON.stringify(expression)}`);
  if (typeof expression !== "object" || expression === null) throw malformed();
  const [entry, second] = Object.entries(expression);
  if (entry === undefined || second !== undefined || !Array.isArray(entry[1])) throw malformed();
  const [name, parts]: [string, unknown[]] = entry;
  const text = (value: unknown) => conditionText(resolveValue(value, scope, at));
  const texts = (value: unknown) => {
    const list = resolveValue(value, scope, at);
    if (!Array.isArray(list)) throw malformed();
    return list.map(conditionText);
  };
  switch (name) {
    case "Fn::And":
      return parts.every((part) => holdsIn(part, scope, at));
    case "Fn::Or":
      return parts.some((part) => holdsIn(part, scope, at));
    case "Fn::Not":
      return !holdsIn(parts[0], scope, at);
    case "Fn::Equals":
      return text(parts[0]) === text(parts[1]);
    case "Fn::Contains":
      return texts(parts[0]).includes(text(parts[1]));
    case "Fn::EachMemberEquals":
      return texts(parts[0]).every((member) => member === text(parts[1]));
    case "Fn::EachMemberIn": {
      const among = texts(parts[1]);
      return texts(parts[0]).every((member) => among.includes(member));
    }
    default:
      throw malformed();
  }
}

/** The intrinsic functions that answer a value, one entry each; Ref, Fn::If and the condition functions are elsewhere. */
import { AssemblyError } from "./assembly-error.ts";
import { cidrBlocks } from "./cidr.ts";
import { parseGetAtt, parseSub } from "./intrinsic.ts";
import { NO_VALUE, type Scope } from "./scope.ts";

export type Evaluate = (value: unknown) => unknown;
type ValueFunction = (argument: unknown, evaluate: Evaluate, scope: Scope, at: string) => unknown;

/** Name → function; a name that is not here is not supported. */
export const VALUE_FUNCTIONS: Readonly<Record<string, ValueFunction | undefined>> = {
  "Fn::GetAtt": getAtt,
  "Fn::Sub": sub,
  "Fn::Join": join,
  "Fn::Select": select,
  "Fn::Split": split,
  "Fn::FindInMap": findInMap,
  "Fn::ImportValue": (argument, evaluate, scope, at) =>
    scope.importValue(asText(evaluate(argument), "Fn::ImportValue", at)),
  "Fn::GetStackOutput": (argument, evaluate, scope, at) => {
    const { StackName, OutputName } = stackOutputNames(evaluate(argument), at);
    return scope.stackOutput(StackName, OutputName);
  },
  "Fn::Base64": (argument, evaluate, _scope, at) =>
    Buffer.from(asText(evaluate(argument), "Fn::Base64", at)).toString("base64"),
  "Fn::GetAZs": (argument, evaluate, scope) => {
    const region = evaluate(argument) || scope.region;
    return ["a", "b", "c"].map((zone) => `${region}${zone}`);
  },
  "Fn::Cidr": (argument, evaluate, _scope, at) => {
    const [block, count, bits] = asList(evaluate(argument), "Fn::Cidr", at);
    return cidrBlocks(String(block), Number(count), Number(bits ?? 8), at);
  },
  "Fn::Length": (argument, evaluate, _scope, at) => asList(evaluate(argument), "Fn::Length", at).length,
  "Fn::ToJsonString": (argument, evaluate) => JSON.stringify(evaluate(argument)),
};

/** What Fn::GetStackOutput names; whatever its region and role, the stack is the assembly's. */
export function stackOutputNames(argument: unknown, at: string): { StackName: string; OutputName: string } {
  if (typeof argument !== "object" || argument === null || !("StackName" in argument) || !("OutputName" in argument))
    throw wrong("Fn::GetStackOutput", "{StackName, OutputName}", argument, at);
  const { StackName, OutputName } = argument;
  return {
    StackName: asText(StackName, "Fn::GetStackOutput", at),
    OutputName: asText(OutputName, "Fn::GetStackOutput", at),
  };
}

function getAtt(argument: unknown, evaluate: Evaluate, scope: Scope, at: string): unknown {
  const target = parseGetAtt(argument);
  if (!target) throw wrong("Fn::GetAtt", "[logical id, attribute]", argument, at);
  return scope.attribute(target.logicalId, asText(evaluate(target.attribute), "Fn::GetAtt", at));
}

function sub(argument: unknown, evaluate: Evaluate, _scope: Scope, at: string): unknown {
  const [template, variables] = Array.isArray(argument) ? argument : [argument, {}];
  if (typeof template !== "string" || typeof variables !== "object" || variables === null) {
    throw wrong("Fn::Sub", "a text, or [text, {variables}]", argument, at);
  }
  return parseSub(template)
    .map((piece) => ("literal" in piece ? piece.literal : subVariable(piece.variable, variables, evaluate, at)))
    .join("");
}

function subVariable(name: string, variables: object, evaluate: Evaluate, at: string): string {
  const own = Object.entries(variables).find(([key]) => key === name);
  if (own) return asText(evaluate(own[1]), "Fn::Sub", at);
  const value = name.includes(".") && !name.includes("::") ? evaluate({ "Fn::GetAtt": name }) : evaluate({ Ref: name });
  return asText(value, `Fn::Sub \${${name}}`, at);
}

function join(argument: unknown, evaluate: Evaluate, _scope: Scope, at: string): unknown {
  const [separator, list] = asList(argument, "Fn::Join", at);
  if (typeof separator !== "string") throw wrong("Fn::Join", "[separator, list]", argument, at);
  return asList(evaluate(list), "Fn::Join", at)
    .map((entry) => asText(entry, "Fn::Join", at))
    .join(separator);
}

function select(argument: unknown, evaluate: Evaluate, _scope: Scope, at: string): unknown {
  const [position, list] = asList(argument, "Fn::Select", at);
  const entries = asList(evaluate(list), "Fn::Select", at);
  const index = Number(evaluate(position));
  const entry = Number.isInteger(index) ? entries[index] : undefined;
  if (entry === undefined) {
    throw new AssemblyError("AssemblyInvalid", `${at}: Fn::Select cannot select ${index} of ${entries.length} values`);
  }
  return entry;
}

function split(argument: unknown, evaluate: Evaluate, _scope: Scope, at: string): unknown {
  const [separator, source] = asList(argument, "Fn::Split", at);
  if (typeof separator !== "string" || separator === "") throw wrong("Fn::Split", "[separator, text]", argument, at);
  return asText(evaluate(source), "Fn::Split", at).split(separator);
}

function findInMap(argument: unknown, evaluate: Evaluate, scope: Scope, at: string): unknown {
  const [map, top, second, options] = asList(argument, "Fn::FindInMap", at);
  const keys = [map, top, second].map((key) => asText(evaluate(key), "Fn::FindInMap", at));
  let found: unknown = scope.mappings;
  for (const key of keys) {
    found =
      typeof found === "object" && found !== null
        ? Object.entries(found).find(([name]) => name === key)?.[1]
        : undefined;
  }
  if (found !== undefined) return evaluate(found);
  if (typeof options === "object" && options !== null && "DefaultValue" in options)
    return evaluate(options.DefaultValue);
  throw new AssemblyError("AssemblyInvalid", `${at}: Fn::FindInMap: there is no mapping ${keys.join(" / ")}`);
}

function asList(value: unknown, name: string, at: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw wrong(name, "a list", value, at);
}

function asText(value: unknown, name: string, at: string): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  throw wrong(name, "a text", value === NO_VALUE ? "AWS::NoValue" : value, at);
}

const wrong = (name: string, expected: string, found: unknown, at: string) =>
  new AssemblyError("AssemblyInvalid", `${at}: ${name} takes ${expected}, not ${JSON.stringify(found)}`);

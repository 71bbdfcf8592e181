/** What a template demands of its parameters' values. */
import { AssemblyError } from "./assembly-error.ts";
import type { TemplateParameter } from "./template.ts";

/** @throws AssemblyError AssemblyInvalid naming the parameter, its value and the demand */
export function checkParameter(name: string, definition: TemplateParameter, text: string, stackName: string): void {
  const problem = problemOf(definition, text);
  if (problem === undefined) return;
  const { ConstraintDescription: described } = definition;
  const why = described === undefined ? problem : `${problem} (${described})`;
  throw new AssemblyError("AssemblyInvalid", `${stackName}: the parameter ${name} is "${text}", ${why}`);
}

function problemOf(definition: TemplateParameter, text: string): string | undefined {
  const { Type, AllowedValues, AllowedPattern, MinLength, MaxLength, MinValue, MaxValue } = definition;
  const isList = Type === "CommaDelimitedList" || Type.startsWith("List<");
  const values = isList ? text.split(",").map((entry) => entry.trim()) : [text];
  const isNumber = Type === "Number" || Type === "List<Number>";
  if (isNumber && values.some((value) => value === "" || Number.isNaN(Number(value)))) return "which is not a number";
  const allowed = AllowedValues?.map(String);
  if (allowed && !values.every((value) => allowed.includes(value))) return `not one of ${allowed.join(", ")}`;
  if (AllowedPattern !== undefined && !values.every((value) => new RegExp(`^(?:${AllowedPattern})$`).test(value)))
    return `which does not match ${AllowedPattern}`;
  if (MinLength !== undefined && text.length < Number(MinLength)) return `shorter than ${MinLength}`;
  if (MaxLength !== undefined && text.length > Number(MaxLength)) return `longer than ${MaxLength}`;
  if (MinValue !== undefined && Number(text) < Number(MinValue)) return `less than ${MinValue}`;
  if (MaxValue !== undefined && Number(text) > Number(MaxValue)) return `more than ${MaxValue}`;
  return undefined;
}

/**
 * A variable that an inner scope assigns must not have the name of one that a scope around it assigns.
 *
 *   P1. A scope is the states of one StartAt/States object; those of a Parallel's branches and an inline Map's processor lie in it.
 *   P2. What a Catch assigns does not count: AWS accepts it beside a variable of the same name in the branch that failed.
 *   P3. A distributed Map's executions have variables of their own, and begin anew.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html ("Variable scope"); P2 as recorded.
 */
import { isArray, isObject, type JsonObject, type JsonValue } from "../json.ts";
import type { Findings } from "./findings.ts";

/** The names of the variables that a scope assigns, and the scope around it: chained, as copies for every branch would be many. */
type Assigned = Readonly<{ own: ReadonlySet<string>; around: Assigned | undefined }>;

/** @param at where the flow stands */
export function validateScopes(flow: JsonObject, at: string, findings: Findings, outer?: Assigned): void {
  const states = isObject(flow.States) ? Object.entries(flow.States) : [];
  const own = new Set<string>();
  for (const [name, state] of states) {
    for (const [variable, place] of isObject(state) ? assignmentsOf(state, `${at}/States/${name}`) : []) {
      if (assigns(outer, variable))
        findings.error(
          `The variable name '${variable}' was already defined in a parent scope.`,
          place,
          "DUPLICATE_VARIABLE_NAME",
        );
      own.add(variable);
    }
  }
  const visible = own.size === 0 ? outer : { own, around: outer };
  for (const [name, state] of states) {
    for (const { inner, place, anew } of isObject(state) ? flowsIn(state, `${at}/States/${name}`) : [])
      validateScopes(inner, place, findings, anew ? undefined : visible);
  }
}

function assigns(scope: Assigned | undefined, variable: string): boolean {
  for (let at = scope; at !== undefined; at = at.around) if (at.own.has(variable)) return true;
  return false;
}

function assignmentsOf(state: JsonObject, at: string): [variable: string, place: string][] {
  const rules = isArray(state.Choices) ? state.Choices : [];
  const holders: [JsonValue, string][] = [
    [state, at],
    ...rules.map<[JsonValue, string]>((rule, index) => [rule, `${at}/Choices[${index}]`]),
  ];
  return holders.flatMap(([holder, place]) => {
    const assign = isObject(holder) ? holder.Assign : undefined;
    if (!isObject(assign)) return [];
    return Object.keys(assign).map((field): [string, string] => [
      field.replace(/\.\$$/, ""),
      `${place}/Assign/${field}`,
    ]);
  });
}

type InnerFlow = Readonly<{ inner: JsonObject; place: string; anew: boolean }>;

function flowsIn(state: JsonObject, at: string): InnerFlow[] {
  const branches = isArray(state.Branches) ? state.Branches : [];
  const found: [JsonValue | undefined, string][] = [
    [state.ItemProcessor, `${at}/ItemProcessor`],
    [state.Iterator, `${at}/Iterator`],
    ...branches.map<[JsonValue, string]>((branch, index) => [branch, `${at}/Branches[${index}]`]),
  ];
  return found.flatMap(([inner, place]) => {
    if (!isObject(inner)) return [];
    const { ProcessorConfig: config } = inner;
    return [{ inner, place, anew: isObject(config) && config.Mode === "DISTRIBUTED" }];
  });
}

/** Every stack of an assembly made ready to apply, each followed by those that nest in it. */
import type { HomePorts } from "../define-service.ts";
import { AssemblyError } from "./assembly-error.ts";
import { resourceKey } from "./build-graph.ts";
import { hasIntrinsics, knownBeforehand } from "./known-beforehand.ts";
import { isNestedStack } from "./nested-stack.ts";
import { type ParameterValue, parameterValues, type SsmSource, ssmSources } from "./parameters.ts";
import { physicalName } from "./physical-name.ts";
import type { Assembly, AssemblyStack, StackTemplate } from "./read-assembly.ts";
import { resolveValue } from "./resolve-value.ts";
import { type Lookup, modelStack, type StackModel } from "./stack-model.ts";

export interface ModelledStack extends StackTemplate {
  model: StackModel;
  terminationProtection: boolean;
}

type Home = Pick<HomePorts, "call" | "accountId" | "region">;

/** The longest name of a stack. */
const LONGEST_NAME = 128;

/** @throws AssemblyError AssemblyInvalid for parameters without a value, or with one that the template refuses */
export async function modelStacks(assembly: Assembly, home: Home, lookup: Lookup): Promise<ModelledStack[]> {
  const modelled: ModelledStack[] = [];
  const sources = ssmSources(assembly.stacks);
  const resolveSource = ({ stackName, logicalId, value }: SsmSource) => {
    const at = resourceKey(stackName, logicalId);
    const model = modelled.find((one) => one.model.stackName === stackName)?.model;
    if (model) return resolveValue(value, model.scope, at);
    throw new AssemblyError("AssemblyInvalid", `a condition needs the value of ${at}, whose stack comes later`);
  };
  const add = async (
    stack: Omit<AssemblyStack, "given" | "byApp">,
    given: Map<string, ParameterValue>,
    parent: StackModel["parent"],
  ) => {
    const parameters = await parameterValues(
      { ...stack, given, nests: parent !== undefined },
      home,
      sources,
      resolveSource,
    );
    const model: StackModel = { ...modelStack(stack, home, parameters, lookup), parent };
    modelled.push({ ...stack, model });
    for (const [logicalId, { Type, Properties }] of model.resources) {
      const nested = isNestedStack(Type) ? stack.nested.get(logicalId) : undefined;
      if (nested === undefined) continue;
      const stackName = physicalName(stack.stackName, logicalId, 0, LONGEST_NAME);
      const artifactId = `${stack.artifactId}/${logicalId}`;
      const values = givenTo(model, Properties?.Parameters, resourceKey(stack.stackName, logicalId));
      await add({ ...stack, stackName, artifactId, dependencies: [], ...nested }, values, { model, logicalId });
    }
  };
  for (const stack of assembly.stacks) await add(stack, givenFromOutside(stack), undefined);
  return modelled;
}

function givenFromOutside({ byApp, given }: AssemblyStack): Map<string, ParameterValue> {
  return new Map([...byApp, ...given].map(([name, value]) => [name, { read: () => value }]));
}

/** What a stack gives to one that nests in it: values that hang on its resources are read once those are made. */
function givenTo(model: StackModel, parameters: unknown, at: string): Map<string, ParameterValue> {
  const given = typeof parameters === "object" && parameters !== null ? Object.entries(parameters) : [];
  return new Map(
    given.map(([name, value]) => {
      const late = hasIntrinsics(knownBeforehand(value, model, at));
      return [name, { late, read: () => resolveValue(value, model.scope, at) }];
    }),
  );
}

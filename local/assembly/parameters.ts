/**
 * Template parameters: their defaults, those that read SSM included.
 *
 * A parameter that reads what another stack of the assembly keeps in SSM has no value before that resource is made: on
 * AWS that stack is deployed first. So it is read when it is needed, and its stack comes after that resource.
 */
import { AwsError } from "../aws-error.ts";
import type { HomePorts } from "../define-service.ts";
import { AssemblyError } from "./assembly-error.ts";
import { homeCall } from "./home-call.ts";
import { checkParameter } from "./parameter-constraints.ts";
import type { Template } from "./template.ts";

export interface ParameterValue {
  read(): unknown;
  /** The resource that must be there before; undefined where the value is known. */
  madeBy?: SsmSource;
  /** It hangs on a resource of the stack that this one nests in. */
  late?: boolean;
}

/** An AWS::SSM::Parameter of the assembly. */
export interface SsmSource {
  stackName: string;
  logicalId: string;
  /** As the template has it. */
  value: unknown;
}

interface Valued {
  template: Template;
  stackName: string;
  given: ReadonlyMap<string, ParameterValue>;
  /** Whether the stack nests in another. */
  nests: boolean;
}

type Home = Pick<HomePorts, "call" | "accountId">;

/** Newest bootstrap version CDK asks for today is far below; the home needs no bootstrapping. */
const BOOTSTRAP_VERSION = "30";
const SSM_TYPE = /^AWS::SSM::Parameter::Value<(.+)>$/;

/** The assembly's own SSM parameters by name: those named outright, and made whatever the conditions. */
export function ssmSources(stacks: readonly { stackName: string; template: Template }[]): Map<string, SsmSource> {
  const sources = new Map<string, SsmSource>();
  for (const { stackName, template } of stacks) {
    for (const [logicalId, { Type: type, Condition, Properties = {} }] of Object.entries(template.Resources)) {
      const { Name: name, Value: value } = Properties;
      if (type === "AWS::SSM::Parameter" && typeof name === "string" && Condition === undefined)
        sources.set(name, { stackName, logicalId, value });
    }
  }
  return sources;
}

/**
 * Values of a template's parameters: those `given`, from outside or by the stack that this one nests in, and defaults.
 *
 * @param resolve what a source's value is, once its resource is made
 * @throws AssemblyError AssemblyInvalid for a parameter without default, and for one that reads what is nowhere
 */
export async function parameterValues(
  { template, stackName, given, nests }: Valued,
  home: Home,
  sources: ReadonlyMap<string, SsmSource>,
  resolve: (source: SsmSource) => unknown,
): Promise<Map<string, ParameterValue>> {
  const values = new Map<string, ParameterValue>();
  const strange = [...given.keys()].filter((name) => !Object.hasOwn(template.Parameters, name));
  if (strange.length > 0)
    throw new AssemblyError("AssemblyInvalid", `${stackName}: Parameters: [${strange}] do not exist in the template`);
  const without = Object.entries(template.Parameters).flatMap(([name, { Default }]) =>
    Default === undefined && !given.has(name) ? [name] : [],
  );
  if (without.length > 0) throw noValue(stackName, without, nests);
  for (const [name, definition] of Object.entries(template.Parameters)) {
    const { Type: type } = definition;
    const said = given.get(name);
    if (said?.late && !SSM_TYPE.test(type)) {
      values.set(name, { late: true, read: () => asType(type, textOf(said.read())) });
      continue;
    }
    const text = String(said === undefined ? definition.Default : textOf(said.read()));
    checkParameter(name, definition, text, stackName);
    const inner = SSM_TYPE.exec(type)?.[1];
    const source = sources.get(text);
    if (inner === undefined) values.set(name, known(type, text));
    else if (source !== undefined && source.stackName !== stackName)
      values.set(name, { read: () => asType(inner, String(resolve(source))), madeBy: source });
    else values.set(name, known(inner, await ssmValue(text, home, `${stackName}: the parameter ${name}`)));
  }
  return values;
}

function noValue(stackName: string, names: readonly string[], nests: boolean): AssemblyError {
  const asked = nests
    ? "in the Parameters of the resource that it is"
    : names.map((name) => `--parameters ${stackName}:${name}=VALUE`).join(" ");
  return new AssemblyError(
    "AssemblyInvalid",
    `${stackName}: no value for the parameters ${names.join(", ")}; give them ${asked}, or give them defaults in the app`,
  );
}

/** As text, which lists are with commas. */
const textOf = (value: unknown): string => (Array.isArray(value) ? value.join(",") : String(value));

function known(type: string, text: string): ParameterValue {
  const value = asType(type, text);
  return { read: () => value };
}

async function ssmValue(name: string, home: Home, who: string): Promise<string> {
  if (/^\/cdk-bootstrap\/[^/]+\/version$/.test(name)) return BOOTSTRAP_VERSION;
  try {
    return await readSsmParameter(home, name);
  } catch (cause) {
    if (!(cause instanceof AwsError) || cause.code !== "ParameterNotFound") throw cause;
    throw new AssemblyError(
      "AssemblyInvalid",
      `${who} reads ${name} from SSM, and neither this home nor another stack of the assembly has that; make it in a stack of the assembly, or put it into the home first`,
      { cause },
    );
  }
}

/** The value of an SSM parameter, read as the home. */
export async function readSsmParameter(home: Home, name: string): Promise<string> {
  const output = await homeCall(home, "ssm", "GetParameter", { Name: name, WithDecryption: true });
  const parameter = "Parameter" in output ? output.Parameter : undefined;
  const value =
    typeof parameter === "object" && parameter !== null && "Value" in parameter ? parameter.Value : undefined;
  return String(value);
}

function asType(type: string, text: string): unknown {
  if (type === "CommaDelimitedList" || type.startsWith("List<")) return text.split(",").map((entry) => entry.trim());
  return text;
}

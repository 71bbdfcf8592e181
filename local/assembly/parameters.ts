/** Template parameters: their defaults, those that read SSM included. */
import type { HomePorts } from "../define-service.ts";
import { AssemblyError } from "./assembly-error.ts";
import { homeCall } from "./home-call.ts";
import type { Template } from "./template.ts";

/** Newest bootstrap version CDK asks for today is far below; the home needs no bootstrapping. */
const BOOTSTRAP_VERSION = "30";
const SSM_TYPE = /^AWS::SSM::Parameter::Value<(.+)>$/;

/**
 * Values of a template's parameters: an assembly is deployed with its defaults.
 * @throws AssemblyError AssemblyInvalid for a parameter without default.
 */
export async function parameterValues(
  template: Template,
  stackName: string,
  home: Pick<HomePorts, "call" | "accountId">,
): Promise<Map<string, unknown>> {
  const values = new Map<string, unknown>();
  for (const [name, { Type: type, Default: fallback }] of Object.entries(template.Parameters)) {
    if (fallback === undefined) {
      throw new AssemblyError(
        "AssemblyInvalid",
        `${stackName}: the parameter ${name} has no default; give it one, for an assembly is put up without being asked`,
      );
    }
    const inner = SSM_TYPE.exec(type)?.[1];
    if (inner === undefined) values.set(name, asType(type, String(fallback)));
    else values.set(name, asType(inner, await ssmValue(String(fallback), home)));
  }
  return values;
}

async function ssmValue(name: string, home: Pick<HomePorts, "call" | "accountId">): Promise<string> {
  if (/^\/cdk-bootstrap\/[^/]+\/version$/.test(name)) return BOOTSTRAP_VERSION;
  return readSsmParameter(home, name);
}

/** The value of an SSM parameter, read as the home. */
export async function readSsmParameter(home: Pick<HomePorts, "call" | "accountId">, name: string): Promise<string> {
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

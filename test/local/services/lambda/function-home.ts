/** A home with the role its functions run as, and functions made of a line of source. */
import type { ResourceState, ServiceDefinition } from "../../../../local/define-service.ts";
import { type Home, openHome } from "../../../../local/home.ts";
import { lambda } from "../../../../local/services/lambda/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { recordingService } from "./recording-service.ts";

export const ROLE = "arn:aws:iam::000000000000:role/runner";

export interface FunctionHome {
  home: Home;
  /** What the functions wrote, all of it. */
  logged(): string;
  make(type: string, properties: object): Promise<ResourceState>;
  remove(type: string, state: ResourceState): Promise<void>;
  putFunction(name: string, source: string): Promise<ResourceState>;
  close(): Promise<void>;
}

/** @param directory default: a new one */
export async function openFunctionHome(
  services: readonly ServiceDefinition[] = [],
  directory = temporaryFolder("lambda"),
): Promise<FunctionHome> {
  const logs = recordingService("logs", ["CreateLogGroup", "CreateLogStream", "PutLogEvents"]);
  const home = await openHome({ directory, services: [logs.definition, ...services, lambda] });
  const allow = { Effect: "Allow", Action: "*", Resource: "*" };
  const assume = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
  home.ports.policies.setRoleSource((roleArn) =>
    roleArn === ROLE
      ? { roleArn, policies: [{ name: "all", document: { Statement: [allow] } }], trust: { Statement: [assume] } }
      : undefined,
  );
  await home.start();
  const typeOf = (type: string) => {
    const found = home.resourceTypes.get(type);
    if (found === undefined) throw new TypeError(`no type ${type}`);
    return found;
  };
  const context = { stackName: "stack", logicalId: "Logical", generateName: () => "generated-name" };
  const make: FunctionHome["make"] = async (type, properties) => typeOf(type).create(properties, context);
  return {
    home,
    logged: () => JSON.stringify(logs.calls.map(({ input }) => input)),
    make,
    remove: async (type, state) => typeOf(type).delete(state, context),
    putFunction: (FunctionName, ZipFile) =>
      make("AWS::Lambda::Function", {
        FunctionName,
        Role: ROLE,
        Handler: "index.handler",
        Runtime: "nodejs24.x",
        Code: { ZipFile },
      }),
    async close() {
      await home.close();
    },
  };
}

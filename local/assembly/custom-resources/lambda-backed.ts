/**
 * Custom resources made by a function of the assembly: it is invoked with what CloudFormation sends, and answers at the
 * response URL. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref.html
 */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { HomePorts, ResourceContext, ResourceState, ResourceType } from "../../define-service.ts";
import { homeCall } from "../home-call.ts";
import { stackArn } from "../physical-name.ts";
import { type Answer, listenForResponse } from "./response-listener.ts";

type Ports = Pick<HomePorts, "call" | "accountId" | "region" | "clock">;

interface Request {
  RequestType: "Create" | "Update" | "Delete";
  PhysicalResourceId?: string;
  ResourceProperties: Properties;
  OldResourceProperties?: unknown;
}

const Properties = z.looseObject({ ServiceToken: z.string(), ServiceTimeout: z.coerce.number().default(3600) });
type Properties = z.infer<typeof Properties>;

const Invoked = z.looseObject({ FunctionError: z.string().optional(), Payload: z.instanceof(Uint8Array).optional() });

/** The attribute under which the properties are kept, which the function is told when the resource is deleted. */
const KEPT = "custom resource's properties";

/** The type of custom resources named `type`. */
export function lambdaBacked(type: string, home: Ports): ResourceType {
  const ask = async (request: Request, context: ResourceContext): Promise<ResourceState> => {
    const { PhysicalResourceId, Data } = await answerOf(type, request, context, home);
    const physicalId = PhysicalResourceId ?? request.PhysicalResourceId;
    if (physicalId === undefined) throw new Error("Invalid PhysicalResourceId: the function answered without one");
    return { physicalId, attributes: { ...Data, [KEPT]: request.ResourceProperties } };
  };
  return {
    properties: Properties,
    byFunction: true,
    create: (given, context) => ask({ RequestType: "Create", ResourceProperties: Properties.parse(given) }, context),
    update(given, { physicalId }, context, previous) {
      const ResourceProperties = Properties.parse(given);
      const OldResourceProperties = texts(previous);
      const PhysicalResourceId = physicalId;
      return ask({ RequestType: "Update", PhysicalResourceId, ResourceProperties, OldResourceProperties }, context);
    },
    async delete({ physicalId, attributes }, context) {
      const ResourceProperties = Properties.parse(attributes[KEPT]);
      await answerOf(
        type,
        { RequestType: "Delete", PhysicalResourceId: physicalId, ResourceProperties },
        context,
        home,
      );
    },
  };
}

async function answerOf(type: string, request: Request, context: ResourceContext, home: Ports): Promise<Answer> {
  const { ServiceToken, ServiceTimeout } = request.ResourceProperties;
  if (!/^arn:[^:]+:lambda:/.test(ServiceToken))
    throw new Error(`its ServiceToken is ${ServiceToken}; custom resources are made by Lambda functions here`);
  const listener = await listenForResponse();
  const timeout = Promise.withResolvers<never>();
  const atMs = home.clock.now() + ServiceTimeout * 1000;
  const stopWaiting = home.clock.at(atMs, () =>
    timeout.reject(new Error(`${ServiceToken} did not answer within ${ServiceTimeout} s (ServiceTimeout)`)),
  );
  try {
    const event = {
      ...request,
      ResourceProperties: texts(withoutInstall(request.ResourceProperties)),
      ResponseURL: listener.url,
      StackId: stackArn(home.accountId, home.region, context.stackName),
      RequestId: randomUUID(),
      ResourceType: type,
      LogicalResourceId: context.logicalId,
      ServiceToken,
    };
    // A function that fails will not answer: where AWS would wait for the timeout, its error is told at once.
    const failure = invoke(home, ServiceToken, event).then((error) => {
      if (error !== undefined) throw new Error(`${ServiceToken} failed: ${error}`);
      return listener.answered;
    });
    const answer = await Promise.race([listener.answered, failure, timeout.promise]);
    if (answer.Status === "FAILED") throw new Error(`${ServiceToken} answered FAILED: ${answer.Reason ?? "no reason"}`);
    return answer;
  } finally {
    stopWaiting();
    listener.close();
  }
}

/** @returns the error, if the function failed */
async function invoke(home: Ports, FunctionName: string, event: object): Promise<string | undefined> {
  const Payload = Buffer.from(JSON.stringify(event));
  const output = Invoked.parse(await homeCall(home, "lambda", "Invoke", { FunctionName, Payload }));
  return output.FunctionError === undefined ? undefined : Buffer.from(output.Payload ?? []).toString("utf8");
}

/** The CDK's AwsCustomResource may ask to install the newest SDK from npm: here it has the one of the home's runtime. */
function withoutInstall(properties: Properties): Properties {
  return "InstallLatestAwsSdk" in properties ? { ...properties, InstallLatestAwsSdk: "false" } : properties;
}

/** CloudFormation hands scalars on as texts. */
function texts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(texts);
  if (typeof value === "object" && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, texts(inner)]));
  return value === null || value === undefined ? value : String(value);
}

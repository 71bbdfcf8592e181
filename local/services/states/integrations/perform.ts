/**
 * Starts a task's integration and says how it goes on.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html and its neighbours
 */
import type { HomePorts } from "../../../define-service.ts";
import type { Principal } from "../../../principal.ts";
import { callService, cannotStart, type ServiceCall, withSdkMetadata } from "./call-service.ts";
import { invokeFunction, invokeLambda } from "./lambda.ts";
import { parseResource, type TaskResource } from "./resource.ts";
import { awsSdkService, KNOWN_SERVICES, optimizedService } from "./service-names.ts";
import { type SyncJob, syncJob } from "./sync-jobs.ts";
import { TaskFailure } from "./task-failure.ts";

export interface TaskCall {
  resource: string;
  parameters: unknown;
  principal: Principal;
  executionArn: string;
  requestId: string;
  signal?: AbortSignal;
}

/** What the start led to: an output, a job to be watched, or a token somebody will send back. */
export type Started =
  | Readonly<{ kind: "output"; output: unknown }>
  | Readonly<{ kind: "job"; service: string; action: string; reference: string; answer: unknown }>
  | Readonly<{ kind: "token"; answer: unknown }>;

/** @throws TaskFailure */
export async function perform(home: HomePorts, call: TaskCall): Promise<Started> {
  const resource = parseResource(call.resource);
  if (resource === undefined || resource.kind === "activity") {
    throw new TaskFailure("States.Runtime", `The resource '${call.resource}' is no integration this home can start`);
  }
  if (resource.kind === "lambda-arn") {
    return {
      kind: "output",
      output: await invokeLambda(home, { ...call, functionName: resource.functionArn, payload: call.parameters }),
    };
  }
  const answer = await request(home, call, resource);
  return goesOn(call, resource, answer);
}

/** Asks the job behind a `.sync` task how it is. */
export async function describeJob(home: HomePorts, call: TaskCall, reference: string): Promise<unknown> {
  return jobCall(home, call, reference, "describe");
}

/** Asks the job behind a `.sync` task to stop; a job that has ended already is no failure. */
export async function stopJob(home: HomePorts, call: TaskCall, reference: string): Promise<void> {
  try {
    await jobCall(home, call, reference, "stop");
  } catch (thrown) {
    if (!(thrown instanceof TaskFailure)) throw thrown;
  }
}

async function jobCall(
  home: HomePorts,
  call: TaskCall,
  reference: string,
  which: "describe" | "stop",
): Promise<unknown> {
  const resource = parseResource(call.resource);
  const job = resource?.kind === "optimized" ? syncJob(resource.service, resource.action) : undefined;
  if (resource?.kind !== "optimized" || job === undefined)
    throw new TaskFailure("States.Runtime", `'${call.resource}' has no job to ask`);
  const { operation, parameters } = job[which];
  return callService(home, serviceCall(call, { ...resource, action: operation }, parameters(reference)));
}

async function request(
  home: HomePorts,
  call: TaskCall,
  resource: Extract<TaskResource, { action: string }>,
): Promise<unknown> {
  if (resource.kind === "optimized" && resource.service === "lambda" && resource.action === "invoke") {
    return invokeWithParameters(home, call);
  }
  const answer = await callService(home, serviceCall(call, resource, startParameters(call, resource)));
  if (resource.kind === "optimized" && resource.service === "events") checkEntries(answer);
  if (
    resource.kind === "aws-sdk" ||
    resource.service === "events" ||
    resource.service === "sagemaker" ||
    resource.service === "athena"
  )
    return answer;
  return withSdkMetadata(answer, call.requestId);
}

/** `states:startExecution` and `events:putEvents` take JSON where the API takes text; nested starts tell who started them. */
function startParameters(call: TaskCall, resource: Extract<TaskResource, { action: string }>): unknown {
  if (resource.kind !== "optimized" || typeof call.parameters !== "object" || call.parameters === null)
    return call.parameters;
  if (resource.service === "states" && resource.action === "startExecution") {
    const input: unknown = Reflect.get(call.parameters, "Input");
    const text = input === undefined || typeof input === "string" ? input : JSON.stringify(input);
    return { ...call.parameters, ...(text === undefined ? {} : { Input: text }) };
  }
  return call.parameters;
}

function goesOn(call: TaskCall, resource: Extract<TaskResource, { action: string }>, answer: unknown): Started {
  if (resource.pattern === "WAIT_FOR_TASK_TOKEN") return { kind: "token", answer };
  if (resource.pattern === "REQUEST_RESPONSE") return { kind: "output", output: answer };
  const job = resource.kind === "optimized" ? syncJob(resource.service, resource.action) : undefined;
  if (job === undefined)
    throw new TaskFailure(
      "States.Runtime",
      `'${call.resource}' is not built in the embedded home as a .sync integration`,
    );
  return {
    kind: "job",
    service: resource.service,
    action: resource.action,
    reference: referenceOf(job, call, answer),
    answer,
  };
}

function referenceOf(job: SyncJob, call: TaskCall, answer: unknown): string {
  return job.reference(call.parameters, answer);
}

function serviceCall(
  call: TaskCall,
  resource: { kind: "optimized" | "aws-sdk"; service: string; action: string },
  parameters: unknown,
): ServiceCall {
  const service = resource.kind === "aws-sdk" ? awsSdkService(resource.service) : optimizedService(resource.service);
  if (service === undefined) {
    throw new TaskFailure(
      "States.Runtime",
      `The embedded home has no integration '${resource.service}'; it has ${KNOWN_SERVICES.join(", ")}`,
    );
  }
  return {
    service,
    operation: resource.action.charAt(0).toUpperCase() + resource.action.slice(1),
    parameters,
    principal: call.principal,
    style: resource.kind,
    integration: resource.service,
    requestId: call.requestId,
    ...(call.signal === undefined ? {} : { signal: call.signal }),
  };
}

/** What `lambda:invoke` takes: a task token, say, goes into the Payload. */
const INVOKE_MEMBERS: readonly string[] = [
  ...["ClientContext", "FunctionName", "InvocationType", "LogType", "Payload", "Qualifier"],
];

async function invokeWithParameters(home: HomePorts, call: TaskCall): Promise<unknown> {
  const parameters = typeof call.parameters === "object" && call.parameters !== null ? call.parameters : {};
  const unknown = Object.keys(parameters).find((name) => !INVOKE_MEMBERS.includes(name));
  if (unknown !== undefined) throw cannotStart(parameters, `The field "${unknown}" is not supported by Step Functions`);
  const { FunctionName: functionName, Payload: payload, ...said }: Record<string, unknown> = { ...parameters };
  const answer = await invokeFunction(home, { ...call, functionName: String(functionName), payload }, said);
  return withSdkMetadata(answer, call.requestId);
}

function checkEntries(answer: unknown): void {
  if (typeof answer === "object" && answer !== null && Number(Reflect.get(answer, "FailedEntryCount") ?? 0) > 0) {
    throw new TaskFailure("EventBridge.FailedEntry", JSON.stringify(answer));
  }
}

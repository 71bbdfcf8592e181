/** CreateFunction, and UpdateFunctionCode with a zip. Source: https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts, Operations } from "../../define-service.ts";
import { uploadedCode } from "./function-code.ts";
import { configurationOf } from "./function-configuration.ts";
import { type FunctionStore, parseReference, type StoredFunction } from "./function-store.ts";
import { RUNS, RUNTIMES } from "./resources.ts";
import { checkRole } from "./role-trust.ts";
import { conflict, type VersionStore } from "./version-store.ts";

type Sdk = typeof import("@aws-sdk/client-lambda");
type CodeOperations = Pick<Operations<Sdk>, "CreateFunction" | "UpdateFunctionCode">;

const NAME = /^[a-zA-Z0-9-_]{1,64}$/;

const Wanted = z.object({
  Role: z.string("is required"),
  Handler: z.string("is required for functions from a zip"),
  Runtime: z.string("is required for functions from a zip").regex(RUNTIMES, RUNS),
  PackageType: z.literal("Zip", "functions of container images are not run here").default("Zip"),
  Description: z.string().max(256).default(""),
  Timeout: z.number().int().min(1).max(900).default(3),
  MemorySize: z.number().int().min(128).max(10_240).default(128),
  Architectures: z.array(z.enum(["x86_64", "arm64"])).default(["x86_64"]),
  Environment: z.object({ Variables: z.record(z.string(), z.string()).default({}) }).optional(),
  DeadLetterConfig: z.object({ TargetArn: z.string().optional() }).optional(),
  LoggingConfig: z
    .object({ LogGroup: z.string().optional(), LogFormat: z.enum(["Text", "JSON"]).optional() })
    .optional(),
  TracingConfig: z.object({ Mode: z.enum(["Active", "PassThrough"]).optional() }).optional(),
  Tags: z.record(z.string(), z.string()).default({}),
});

/** @param changed hears the name of a function whose warm environments must end */
export function codeOperations(
  home: HomePorts,
  functions: FunctionStore,
  versions: VersionStore,
  changed: (name: string) => void,
): CodeOperations {
  const resource = (input: { FunctionName?: string | undefined }) =>
    functions.arn(parseReference(input.FunctionName).name);
  const answer = (stored: StoredFunction, publish: boolean | undefined) => {
    changed(stored.name);
    return configurationOf(functions, publish === true ? versions.publish(stored.name, undefined) : stored);
  };
  return {
    CreateFunction: {
      authorize: (input) => [
        { resource: resource(input) },
        {
          action: "iam:PassRole",
          resource: input.Role ?? "*",
          context: { "iam:PassedToService": "lambda.amazonaws.com" },
        },
      ],
      async handle(input, { principal }) {
        const { name } = parseReference(input.FunctionName);
        const wanted = configurationFrom(name, input);
        checkRole(home, wanted.role);
        const code = await uploadedCode(home, input.Code ?? {}, principal);
        if (functions.find(name) !== undefined) throw conflict(`Function already exist: ${name}`);
        return answer(functions.put({ ...wanted, code }), input.Publish);
      },
    },
    UpdateFunctionCode: {
      authorize: (input) => ({ resource: resource(input) }),
      async handle(input, { principal }) {
        functions.get(input.FunctionName);
        const code = await uploadedCode(home, input, principal);
        const stored = { ...functions.get(input.FunctionName), code };
        if (input.DryRun === true) return configurationOf(functions, stored);
        return answer(functions.put(stored), input.Publish);
      },
    },
  };
}

function configurationFrom(name: string, input: object): Omit<StoredFunction, "code" | "modifiedMs" | "revisionId"> {
  if (!NAME.test(name))
    throw invalid(`functionName: letters, digits, - and _, at most 64; found "${name.slice(0, 80)}"`);
  const parsed = Wanted.safeParse(input);
  if (!parsed.success) {
    throw invalid(parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; "));
  }
  const wanted = parsed.data;
  return {
    name,
    role: wanted.Role,
    handler: wanted.Handler,
    runtime: wanted.Runtime,
    description: wanted.Description,
    timeoutSeconds: wanted.Timeout,
    memoryMb: wanted.MemorySize,
    architectures: wanted.Architectures,
    variables: wanted.Environment?.Variables ?? {},
    deadLetterArn: wanted.DeadLetterConfig?.TargetArn,
    logGroup: wanted.LoggingConfig?.LogGroup,
    logFormat: wanted.LoggingConfig?.LogFormat,
    tracing: wanted.TracingConfig?.Mode,
    tags: wanted.Tags,
  };
}

function invalid(message: string): AwsError {
  return new AwsError("InvalidParameterValueException", message, { fields: { Type: "User" } });
}

/** Settings of functions one by one (reserved concurrency, asynchronous invocation, tags), and what of an account and a function the home has none of. */
import type { FunctionEventInvokeConfig } from "@aws-sdk/client-lambda";
import { AwsError } from "../../aws-error.ts";
import type { Operations } from "../../define-service.ts";
import { type FunctionStore, type InvokeConfig, parseReference, type StoredFunction } from "./function-store.ts";
import { ACCOUNT_CONCURRENCY } from "./invoker.ts";

type Sdk = typeof import("@aws-sdk/client-lambda");
type SettingOperations = Pick<
  Operations<Sdk>,
  | "GetFunctionEventInvokeConfig"
  | "ListFunctionEventInvokeConfigs"
  | "GetFunctionConcurrency"
  | "PutFunctionConcurrency"
  | "DeleteFunctionConcurrency"
  | "ListTags"
  | "TagResource"
  | "UntagResource"
  | "GetAccountSettings"
  | "ListLayers"
  | "ListFunctionUrlConfigs"
  | "ListProvisionedConcurrencyConfigs"
  | "GetFunctionCodeSigningConfig"
  | "GetRuntimeManagementConfig"
>;
type On = (action: string) => (input: { FunctionName?: string | undefined }) => { action: string; resource: string };

/** What an account keeps for functions without a reservation. */
const UNRESERVED_AT_LEAST = 100;

/** @param changed hears the name of a function whose warm environments must end */
export function settingOperations(functions: FunctionStore, changed: (name: string) => void): SettingOperations {
  const on: On = (action) => (input) => ({
    action: `lambda:${action}`,
    resource: functions.arn(parseReference(input.FunctionName).name),
  });
  return {
    ...invokeConfigOperations(functions, on),
    ...concurrencyOperations(functions, on, changed),
    ...tagOperations(functions),
    ...absentOperations(functions, on),
  };
}

function invokeConfigOperations(functions: FunctionStore, on: On) {
  const described = (stored: StoredFunction): FunctionEventInvokeConfig[] => {
    const config = functions.invokeConfig(stored.name);
    return isSet(config) ? [wireConfig(`${functions.arn(stored.name)}:$LATEST`, config)] : [];
  };
  return {
    GetFunctionEventInvokeConfig: {
      authorize: on("GetFunctionEventInvokeConfig"),
      handle({ FunctionName }: { FunctionName?: string | undefined }) {
        const stored = functions.get(FunctionName);
        const [config] = described(stored);
        if (config !== undefined) return config;
        const message = `The function ${functions.arn(stored.name)}:$LATEST doesn't have an EventInvokeConfig`;
        throw new AwsError("ResourceNotFoundException", message, { status: 404, fields: { Type: "User" } });
      },
    },
    ListFunctionEventInvokeConfigs: {
      authorize: on("ListFunctionEventInvokeConfigs"),
      handle: ({ FunctionName }: { FunctionName?: string | undefined }) => ({
        FunctionEventInvokeConfigs: described(functions.get(FunctionName)),
      }),
    },
  };
}

function isSet(config: InvokeConfig): boolean {
  return Object.values(config).some((value) => value !== undefined);
}

function wireConfig(FunctionArn: string, config: InvokeConfig): FunctionEventInvokeConfig {
  return {
    FunctionArn,
    MaximumRetryAttempts: config.maximumRetryAttempts,
    MaximumEventAgeInSeconds: config.maximumEventAgeSeconds,
    DestinationConfig: {
      OnSuccess: config.onSuccess === undefined ? {} : { Destination: config.onSuccess },
      OnFailure: config.onFailure === undefined ? {} : { Destination: config.onFailure },
    },
  };
}

function concurrencyOperations(functions: FunctionStore, on: On, changed: (name: string) => void) {
  const reserve = (reference: string | undefined, reservedConcurrency: number | undefined) => {
    const stored = functions.get(reference);
    functions.put({ ...stored, reservedConcurrency });
    changed(stored.name);
  };
  return {
    GetFunctionConcurrency: {
      authorize: on("GetFunctionConcurrency"),
      handle({ FunctionName }: { FunctionName?: string | undefined }) {
        const { reservedConcurrency } = functions.get(FunctionName);
        return reservedConcurrency === undefined ? {} : { ReservedConcurrentExecutions: reservedConcurrency };
      },
    },
    PutFunctionConcurrency: {
      authorize: on("PutFunctionConcurrency"),
      handle(input: { FunctionName?: string | undefined; ReservedConcurrentExecutions?: number | undefined }) {
        const wanted = input.ReservedConcurrentExecutions ?? 0;
        const { name } = functions.get(input.FunctionName);
        const others = reservedBy(functions.list().filter((one) => one.name !== name));
        if (others + wanted > ACCOUNT_CONCURRENCY - UNRESERVED_AT_LEAST) throw tooManyReserved();
        reserve(input.FunctionName, wanted);
        return { ReservedConcurrentExecutions: wanted };
      },
    },
    DeleteFunctionConcurrency: {
      authorize: on("DeleteFunctionConcurrency"),
      handle({ FunctionName }: { FunctionName?: string | undefined }) {
        reserve(FunctionName, undefined);
        return {};
      },
    },
  };
}

function reservedBy(all: readonly StoredFunction[]): number {
  return all.reduce((sum, { reservedConcurrency = 0 }) => sum + reservedConcurrency, 0);
}

function tooManyReserved(): AwsError {
  return new AwsError(
    "InvalidParameterValueException",
    `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${UNRESERVED_AT_LEAST}].`,
    { fields: { Type: "User" } },
  );
}

function tagOperations(functions: FunctionStore) {
  const onResource = (action: string) => (input: { Resource?: string | undefined }) => ({
    action: `lambda:${action}`,
    resource: input.Resource ?? "",
  });
  const write = (resource: string | undefined, change: (tags: Record<string, string>) => Record<string, string>) => {
    const stored = functions.get(resource);
    functions.put({ ...stored, tags: change(stored.tags) });
    return {};
  };
  return {
    ListTags: {
      authorize: onResource("ListTags"),
      handle: ({ Resource }: { Resource?: string | undefined }) => ({ Tags: functions.get(Resource).tags }),
    },
    TagResource: {
      authorize: onResource("TagResource"),
      handle: (input: { Resource?: string | undefined; Tags?: Record<string, string> | undefined }) =>
        write(input.Resource, (tags) => ({ ...tags, ...input.Tags })),
    },
    UntagResource: {
      authorize: onResource("UntagResource"),
      handle: ({ Resource, TagKeys = [] }: { Resource?: string | undefined; TagKeys?: string[] | undefined }) =>
        write(Resource, (tags) => Object.fromEntries(Object.entries(tags).filter(([key]) => !TagKeys.includes(key)))),
    },
  };
}

/** No layers, URLs, provisioned concurrency or signed code here: said as Lambda says it of a function without them. */
function absentOperations(functions: FunctionStore, on: On) {
  return {
    GetAccountSettings: {
      handle() {
        const all = functions.list();
        return {
          AccountLimit: {
            TotalCodeSize: 80_530_636_800,
            CodeSizeUnzipped: 262_144_000,
            CodeSizeZipped: 52_428_800,
            ConcurrentExecutions: ACCOUNT_CONCURRENCY,
            UnreservedConcurrentExecutions: ACCOUNT_CONCURRENCY - reservedBy(all),
          },
          AccountUsage: {
            TotalCodeSize: all.reduce((sum, { code }) => sum + code.bytes, 0),
            FunctionCount: all.length,
          },
        };
      },
    },
    ListLayers: { handle: () => ({ Layers: [] }) },
    ListFunctionUrlConfigs: {
      authorize: on("ListFunctionUrlConfigs"),
      handle({ FunctionName }: { FunctionName?: string | undefined }) {
        functions.get(FunctionName);
        return { FunctionUrlConfigs: [] };
      },
    },
    ListProvisionedConcurrencyConfigs: {
      authorize: on("ListProvisionedConcurrencyConfigs"),
      handle({ FunctionName }: { FunctionName?: string | undefined }) {
        functions.get(FunctionName);
        return { ProvisionedConcurrencyConfigs: [] };
      },
    },
    GetFunctionCodeSigningConfig: {
      authorize: on("GetFunctionCodeSigningConfig"),
      handle: ({ FunctionName }: { FunctionName?: string | undefined }) => ({
        FunctionName: functions.get(FunctionName).name,
        CodeSigningConfigArn: "",
      }),
    },
    GetRuntimeManagementConfig: {
      authorize: on("GetRuntimeManagementConfig"),
      handle: ({ FunctionName }: { FunctionName?: string | undefined }) => ({
        UpdateRuntimeOn: "Auto" as const,
        FunctionArn: functions.arn(functions.get(FunctionName).name),
        RuntimeVersionArn: undefined,
      }),
    },
  };
}

/** AWS::Lambda::Function, Permission and EventInvokeConfig. */
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts, ResourceContext, ResourceState, ResourceType } from "../../define-service.ts";
import { locateCode } from "./function-code.ts";
import { type FunctionStore, parseReference, type StoredFunction } from "./function-store.ts";
import { permissionStatement } from "./permission.ts";
import { checkRole } from "./role-trust.ts";
import type { VersionStore } from "./version-store.ts";

export const RUNTIMES = /^nodejs(18|20|22|24|26)\.x$/;
export const RUNS = "this home runs nodejs18.x to nodejs26.x";
const LONGEST_NAME = 64;

const FunctionProperties = z.strictObject({
  FunctionName: z.string().optional(),
  Role: z.string(),
  Handler: z.string(),
  Runtime: z.string().regex(RUNTIMES, RUNS),
  Code: z.strictObject({
    ZipFile: z.string().optional(),
    S3Bucket: z.string().optional(),
    S3Key: z.string().optional(),
    SourceKMSKeyArn: z.string().optional(),
  }),
  Description: z.string().default(""),
  Timeout: z.coerce.number().int().min(1).max(900).default(3),
  MemorySize: z.coerce.number().int().min(128).max(10_240).default(128),
  Architectures: z.array(z.string()).default(["x86_64"]),
  Environment: z.object({ Variables: z.record(z.string(), z.coerce.string()).default({}) }).optional(),
  DeadLetterConfig: z.object({ TargetArn: z.string().optional() }).optional(),
  LoggingConfig: z
    .object({ LogGroup: z.string().optional(), LogFormat: z.enum(["Text", "JSON"]).optional() })
    .loose()
    .optional(),
  TracingConfig: z.object({ Mode: z.enum(["Active", "PassThrough"]).optional() }).optional(),
  ReservedConcurrentExecutions: z.coerce.number().int().min(0).optional(),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).optional(),
  PackageType: z.literal("Zip").optional(),
  EphemeralStorage: z.unknown().optional(),
  RecursiveLoop: z.enum(["Allow", "Terminate"]).optional(),
  // A function runs in the user's own network, on their disk, from code they built: accepted, without effect.
  VpcConfig: z.looseObject({}).optional(),
  SnapStart: z.looseObject({}).optional(),
  KmsKeyArn: z.string().optional(),
  CodeSigningConfigArn: z.string().optional(),
  RuntimeManagementConfig: z.looseObject({}).optional(),
});

const PermissionProperties = z.strictObject({
  FunctionName: z.string(),
  Action: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
  SourceAccount: z.string().optional(),
});

const InvokeConfigProperties = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.literal("$LATEST", "settings by version or alias are not built; use $LATEST"),
  MaximumRetryAttempts: z.coerce.number().int().min(0).max(2).optional(),
  MaximumEventAgeInSeconds: z.coerce.number().int().min(60).max(21_600).optional(),
  DestinationConfig: z
    .object({
      OnSuccess: z.object({ Destination: z.string() }).optional(),
      OnFailure: z.object({ Destination: z.string() }).optional(),
    })
    .optional(),
});

export function lambdaResources(
  home: HomePorts,
  functions: FunctionStore,
  versions: VersionStore,
  changed: (name: string) => void,
): Record<string, ResourceType> {
  return {
    "AWS::Lambda::Function": functionResource(home, functions, versions, changed),
    "AWS::Lambda::Permission": permissionResource(functions),
    "AWS::Lambda::EventInvokeConfig": invokeConfigResource(functions),
  };
}

function functionResource(
  home: HomePorts,
  functions: FunctionStore,
  versions: VersionStore,
  changed: (name: string) => void,
): ResourceType {
  const put = (given: unknown, nameOf: (wanted: string | undefined) => string): ResourceState => {
    const properties = parse("AWS::Lambda::Function", FunctionProperties, given);
    checkRole(home, properties.Role);
    const stored = functions.put(fromProperties(home, nameOf(properties.FunctionName), properties));
    changed(stored.name);
    return { physicalId: stored.name, attributes: { Arn: functions.arn(stored.name) } };
  };
  return {
    properties: FunctionProperties,
    unsupported({ Runtime, PackageType }) {
      if (PackageType === "Image") return "functions of container images are not run here";
      const named = typeof Runtime === "string" ? Runtime : undefined;
      return named === undefined || RUNTIMES.test(named) ? undefined : `runtime ${named}; ${RUNS}`;
    },
    create: (given, context: ResourceContext) => put(given, (wanted) => wanted ?? context.generateName(LONGEST_NAME)),
    update(given, current) {
      const { FunctionName } = parse("AWS::Lambda::Function", FunctionProperties, given);
      if (FunctionName !== undefined && FunctionName !== current.physicalId) return "replace";
      return put(given, () => current.physicalId);
    },
    delete(current) {
      versions.forget(current.physicalId);
      functions.delete(current.physicalId);
      changed(current.physicalId);
    },
  };
}

function fromProperties(
  home: HomePorts,
  name: string,
  properties: z.infer<typeof FunctionProperties>,
): Omit<StoredFunction, "modifiedMs" | "revisionId"> {
  return {
    name,
    role: properties.Role,
    handler: properties.Handler,
    runtime: properties.Runtime,
    description: properties.Description,
    timeoutSeconds: properties.Timeout,
    memoryMb: properties.MemorySize,
    architectures: properties.Architectures,
    variables: properties.Environment?.Variables ?? {},
    code: locateCode(home, properties.Code),
    deadLetterArn: properties.DeadLetterConfig?.TargetArn,
    logGroup: properties.LoggingConfig?.LogGroup,
    logFormat: properties.LoggingConfig?.LogFormat,
    tracing: properties.TracingConfig?.Mode,
    reservedConcurrency: properties.ReservedConcurrentExecutions,
    recursiveLoop: properties.RecursiveLoop,
    tags: Object.fromEntries((properties.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
  };
}

function permissionResource(functions: FunctionStore): ResourceType {
  return {
    properties: PermissionProperties,
    create(given, context) {
      const properties = parse("AWS::Lambda::Permission", PermissionProperties, given);
      const { name } = functions.get(properties.FunctionName);
      const { qualifier } = parseReference(properties.FunctionName);
      const arn = qualifier === undefined ? functions.arn(name) : `${functions.arn(name)}:${qualifier}`;
      const statementId = context.generateName(100);
      functions.permit(name, permissionStatement(arn, { ...properties, StatementId: statementId }));
      return { physicalId: `${name}|${statementId}`, attributes: { Id: statementId } };
    },
    delete(current) {
      const [name = "", statementId = ""] = current.physicalId.split("|");
      functions.forbid(name, statementId);
    },
  };
}

function invokeConfigResource(functions: FunctionStore): ResourceType {
  const put = (given: unknown): ResourceState => {
    const properties = parse("AWS::Lambda::EventInvokeConfig", InvokeConfigProperties, given);
    const { name } = functions.get(properties.FunctionName);
    functions.setInvokeConfig(name, {
      maximumRetryAttempts: properties.MaximumRetryAttempts,
      maximumEventAgeSeconds: properties.MaximumEventAgeInSeconds,
      onSuccess: properties.DestinationConfig?.OnSuccess?.Destination,
      onFailure: properties.DestinationConfig?.OnFailure?.Destination,
    });
    return { physicalId: `${name}|$LATEST`, attributes: {} };
  };
  return {
    properties: InvokeConfigProperties,
    create: put,
    update(given, current) {
      const { FunctionName } = parse("AWS::Lambda::EventInvokeConfig", InvokeConfigProperties, given);
      return `${parseReference(FunctionName).name}|$LATEST` === current.physicalId ? put(given) : "replace";
    },
    delete: (current) => functions.setInvokeConfig(current.physicalId.split("|")[0] ?? "", undefined),
  };
}

function parse<T extends z.ZodType>(type: string, schema: T, properties: unknown): z.output<T> {
  const parsed = schema.safeParse(properties);
  if (parsed.success) return parsed.data;
  throw new AwsError(
    "ValidationError",
    `${type} has properties this home does not support: ${z.prettifyError(parsed.error)}`,
  );
}

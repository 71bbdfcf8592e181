/** A stored function as the API shows it. */
import type { FunctionConfiguration, Runtime } from "@aws-sdk/client-lambda";
import type { FunctionStore, StoredFunction } from "./function-store.ts";
import { LATEST } from "./version-store.ts";

export function configurationOf(functions: FunctionStore, stored: StoredFunction): FunctionConfiguration {
  return {
    FunctionName: stored.name,
    FunctionArn:
      stored.version === undefined ? functions.arn(stored.name) : `${functions.arn(stored.name)}:${stored.version}`,
    Runtime: stored.runtime as Runtime,
    Role: stored.role,
    Handler: stored.handler,
    CodeSize: stored.code.bytes,
    Description: stored.description,
    Timeout: stored.timeoutSeconds,
    MemorySize: stored.memoryMb,
    // Lambda's own form of time: +0000 in place of Z.
    LastModified: new Date(stored.modifiedMs).toISOString().replace("Z", "+0000"),
    CodeSha256: stored.code.sha256,
    Version: stored.version ?? LATEST,
    ...(Object.keys(stored.variables).length === 0 ? {} : { Environment: { Variables: stored.variables } }),
    ...(stored.deadLetterArn === undefined ? {} : { DeadLetterConfig: { TargetArn: stored.deadLetterArn } }),
    TracingConfig: { Mode: stored.tracing ?? "PassThrough" },
    RevisionId: stored.revisionId,
    State: "Active",
    LastUpdateStatus: "Successful",
    PackageType: "Zip",
    Architectures: stored.architectures.map((name) => (name === "arm64" ? "arm64" : "x86_64")),
    EphemeralStorage: { Size: 512 },
    SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
    LoggingConfig: { LogFormat: stored.logFormat ?? "Text", LogGroup: logGroupOf(stored) },
  };
}

export function logGroupOf(stored: Pick<StoredFunction, "name" | "logGroup">): string {
  return stored.logGroup ?? `/aws/lambda/${stored.name}`;
}

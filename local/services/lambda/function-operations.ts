/** Reading and changing functions and their permissions. */
import { AwsError } from "../../aws-error.ts";
import type { HomePorts, Operations } from "../../define-service.ts";
import type { CodeListener } from "./code-listener.ts";
import { codeFolder } from "./function-code.ts";
import { configurationOf } from "./function-configuration.ts";
import { type FunctionStore, parseReference } from "./function-store.ts";
import { permissionStatement } from "./permission.ts";
import type { VersionStore } from "./version-store.ts";

type Sdk = typeof import("@aws-sdk/client-lambda");
type FunctionOperations = Pick<
  Operations<Sdk>,
  | "GetFunction"
  | "GetFunctionConfiguration"
  | "ListFunctions"
  | "UpdateFunctionConfiguration"
  | "DeleteFunction"
  | "GetFunctionRecursionConfig"
  | "PutFunctionRecursionConfig"
  | "AddPermission"
  | "RemovePermission"
  | "GetPolicy"
>;

/** @param changed hears the name of a function whose warm environments must end */
export function functionOperations(
  home: HomePorts,
  functions: FunctionStore,
  versions: VersionStore,
  code: CodeListener,
  changed: (name: string) => void,
): FunctionOperations {
  const qualified = (input: { FunctionName?: string | undefined; Qualifier?: string | undefined }) => {
    const { name, qualifier = input.Qualifier } = parseReference(input.FunctionName);
    return versions.resolve(name, qualifier, () => 1);
  };
  const on = (action: string) => (input: { FunctionName?: string | undefined }) => ({
    action: `lambda:${action}`,
    resource: functions.arn(parseReference(input.FunctionName).name),
  });
  return {
    GetFunction: {
      authorize: on("GetFunction"),
      async handle(input) {
        const stored = qualified(input);
        return {
          Configuration: configurationOf(functions, stored),
          Code: { RepositoryType: "S3", Location: await code.urlOf(codeFolder(home, stored)) },
          ...(Object.keys(stored.tags).length === 0 ? {} : { Tags: stored.tags }),
          ...(stored.reservedConcurrency === undefined
            ? {}
            : { Concurrency: { ReservedConcurrentExecutions: stored.reservedConcurrency } }),
        };
      },
    },
    GetFunctionConfiguration: {
      authorize: on("GetFunctionConfiguration"),
      handle: (input) => configurationOf(functions, qualified(input)),
    },
    ListFunctions: {
      handle(input) {
        const all = functions.list();
        const from = input.Marker === undefined ? 0 : all.findIndex(({ name }) => name === input.Marker) + 1;
        const shown = all.slice(from, from + (input.MaxItems ?? 50));
        const last = shown.at(-1);
        return {
          Functions: shown.map((stored) => configurationOf(functions, stored)),
          ...(from + shown.length < all.length && last !== undefined ? { NextMarker: last.name } : {}),
        };
      },
    },
    UpdateFunctionConfiguration: {
      authorize: on("UpdateFunctionConfiguration"),
      handle(input) {
        const stored = functions.get(input.FunctionName);
        const updated = functions.put({
          ...stored,
          handler: input.Handler ?? stored.handler,
          description: input.Description ?? stored.description,
          timeoutSeconds: input.Timeout ?? stored.timeoutSeconds,
          memoryMb: input.MemorySize ?? stored.memoryMb,
          variables: input.Environment?.Variables ?? stored.variables,
        });
        changed(stored.name);
        return configurationOf(functions, updated);
      },
    },
    DeleteFunction: {
      authorize: on("DeleteFunction"),
      handle(input) {
        const { name } = functions.get(input.FunctionName);
        const { qualifier = input.Qualifier } = parseReference(input.FunctionName);
        if (qualifier !== undefined) versions.deleteVersion(name, qualifier);
        else {
          versions.forget(name);
          functions.delete(name);
        }
        changed(name);
        return { StatusCode: 204 };
      },
    },
    GetFunctionRecursionConfig: {
      authorize: on("GetFunctionRecursionConfig"),
      handle: ({ FunctionName }) => ({ RecursiveLoop: functions.get(FunctionName).recursiveLoop ?? "Terminate" }),
    },
    PutFunctionRecursionConfig: {
      authorize: on("PutFunctionRecursionConfig"),
      handle({ FunctionName, RecursiveLoop }) {
        const stored = functions.get(FunctionName);
        if (RecursiveLoop !== "Allow" && RecursiveLoop !== "Terminate") throw noSuchLoop(RecursiveLoop);
        functions.put({ ...stored, recursiveLoop: RecursiveLoop });
        changed(stored.name);
        return { RecursiveLoop };
      },
    },
    ...permissionOperations(functions, on),
  };
}

function noSuchLoop(value: string | undefined): AwsError {
  return new AwsError(
    "InvalidParameterValueException",
    `1 validation error detected: Value '${value ?? "null"}' at 'recursiveLoop' failed to satisfy constraint: Member must satisfy enum value set: [Allow, Terminate]`,
    { fields: { Type: "User" } },
  );
}

function permissionOperations(
  functions: FunctionStore,
  on: (action: string) => (input: { FunctionName?: string | undefined }) => { action: string; resource: string },
): Pick<FunctionOperations, "AddPermission" | "RemovePermission" | "GetPolicy"> {
  const missing = () =>
    new AwsError("ResourceNotFoundException", "The resource you requested does not exist.", {
      status: 404,
      fields: { Type: "User" },
    });
  return {
    AddPermission: {
      authorize: on("AddPermission"),
      handle(input) {
        const { name } = functions.get(input.FunctionName);
        const { StatementId = "", Action = "", Principal = "", SourceArn, SourceAccount } = input;
        if (functions.permissions(name).some(({ Sid }) => Sid === StatementId)) {
          const message = `The statement id (${StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`;
          throw new AwsError("ResourceConflictException", message, { status: 409, fields: { Type: "User" } });
        }
        const { qualifier = input.Qualifier } = parseReference(input.FunctionName);
        const arn = qualifier === undefined ? functions.arn(name) : `${functions.arn(name)}:${qualifier}`;
        const statement = permissionStatement(arn, {
          StatementId,
          Action,
          Principal,
          SourceArn,
          SourceAccount,
        });
        functions.permit(name, statement);
        return { Statement: JSON.stringify(statement) };
      },
    },
    RemovePermission: {
      authorize: on("RemovePermission"),
      handle(input) {
        if (!functions.forbid(functions.get(input.FunctionName).name, input.StatementId ?? "")) throw missing();
        return {};
      },
    },
    GetPolicy: {
      authorize: on("GetPolicy"),
      handle(input) {
        const stored = functions.get(input.FunctionName);
        const policy = functions.policy(stored.name);
        if (policy === undefined) throw missing();
        return { Policy: JSON.stringify(policy), RevisionId: stored.revisionId };
      },
    },
  };
}

/** Functions, their permissions and their asynchronous invocation settings. */
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";

export interface StoredFunction {
  name: string;
  /** Of a published version; without it the function as it is, $LATEST. */
  version?: string | undefined;
  role: string;
  handler: string;
  runtime: string;
  description: string;
  timeoutSeconds: number;
  memoryMb: number;
  architectures: string[];
  variables: Record<string, string>;
  /** Folder of the code, relative to the home's, which may be moved; see function-code.ts. */
  code: { folder: string; sha256: string; bytes: number };
  deadLetterArn?: string | undefined;
  logGroup?: string | undefined;
  logFormat?: "Text" | "JSON" | undefined;
  tracing?: "Active" | "PassThrough" | undefined;
  reservedConcurrency?: number | undefined;
  /** Terminate unless said otherwise. */
  recursiveLoop?: "Allow" | "Terminate" | undefined;
  tags: Record<string, string>;
  modifiedMs: number;
  revisionId: string;
}

export interface InvokeConfig {
  maximumRetryAttempts?: number | undefined;
  maximumEventAgeSeconds?: number | undefined;
  onSuccess?: string | undefined;
  onFailure?: string | undefined;
}

export interface PermissionStatement {
  Sid: string;
  Effect: "Allow";
  Principal: string | Record<string, string>;
  Action: string;
  Resource: string;
  Condition?: Record<string, Record<string, string>>;
}

export class FunctionStore {
  readonly #home: HomePorts;

  constructor(home: HomePorts) {
    this.#home = home;
  }

  arn(name: string): string {
    return `arn:aws:lambda:${this.#home.region}:${this.#home.accountId}:function:${name}`;
  }

  find(name: string): StoredFunction | undefined {
    const row = this.#home.store.prepare("SELECT configuration FROM lambda_functions WHERE name = ?").get(name);
    return row === undefined ? undefined : JSON.parse(String(row.configuration));
  }

  /** What a reference without a qualifier names, if it is a function of this home. */
  findLatest(reference: string): StoredFunction | undefined {
    const name = reference.startsWith("arn:")
      ? /^arn:[^:]*:lambda(?::[^:]*){2}:function:([^:]+)$/.exec(reference)?.[1]
      : reference;
    return name === undefined ? undefined : this.find(name);
  }

  /** By name, partial ARN or ARN, with or without a qualifier. @throws AwsError ResourceNotFoundException */
  get(reference: string | undefined): StoredFunction {
    const { name } = parseReference(reference);
    const found = this.find(name);
    if (found === undefined) {
      throw new AwsError("ResourceNotFoundException", `Function not found: ${this.arn(name)}`, {
        status: 404,
        fields: { Type: "User" },
      });
    }
    return found;
  }

  list(): StoredFunction[] {
    return this.#home.store
      .prepare("SELECT configuration FROM lambda_functions ORDER BY name")
      .all()
      .map((row) => JSON.parse(String(row.configuration)));
  }

  put(stored: Omit<StoredFunction, "modifiedMs" | "revisionId">): StoredFunction {
    const saved = { ...stored, modifiedMs: this.#home.clock.now(), revisionId: this.#home.uuid() };
    this.#home.store
      .prepare("INSERT OR REPLACE INTO lambda_functions VALUES (?, ?)")
      .run(saved.name, JSON.stringify(saved));
    return saved;
  }

  delete(name: string): void {
    this.#home.store.transaction(() => {
      for (const table of ["lambda_permissions", "lambda_invoke_configs", "lambda_async"]) {
        this.#home.store.prepare(`DELETE FROM ${table} WHERE function = ?`).run(name);
      }
      this.#home.store.prepare("DELETE FROM lambda_functions WHERE name = ?").run(name);
    });
    this.#home.policies.invalidate();
  }

  permissions(name: string): PermissionStatement[] {
    return this.#home.store
      .prepare("SELECT statement FROM lambda_permissions WHERE function = ? ORDER BY rowid")
      .all(name)
      .map((row) => JSON.parse(String(row.statement)));
  }

  permit(name: string, statement: PermissionStatement): void {
    this.#home.store
      .prepare("INSERT OR REPLACE INTO lambda_permissions VALUES (?, ?, ?)")
      .run(name, statement.Sid, JSON.stringify(statement));
    this.#home.policies.invalidate();
  }

  /** False when there was no such statement. */
  forbid(name: string, statementId: string): boolean {
    const removed = this.#home.store
      .prepare("DELETE FROM lambda_permissions WHERE function = ? AND statement_id = ?")
      .run(name, statementId);
    this.#home.policies.invalidate();
    return removed > 0;
  }

  /** The resource policy as IAM reads it; undefined when nothing is permitted. */
  policy(name: string): object | undefined {
    const statements = this.permissions(name);
    return statements.length === 0 ? undefined : { Version: "2012-10-17", Id: "default", Statement: statements };
  }

  invokeConfig(name: string): InvokeConfig {
    const row = this.#home.store
      .prepare("SELECT configuration FROM lambda_invoke_configs WHERE function = ?")
      .get(name);
    return row === undefined ? {} : JSON.parse(String(row.configuration));
  }

  setInvokeConfig(name: string, config: InvokeConfig | undefined): void {
    if (config === undefined)
      this.#home.store.prepare("DELETE FROM lambda_invoke_configs WHERE function = ?").run(name);
    else {
      this.#home.store
        .prepare("INSERT OR REPLACE INTO lambda_invoke_configs VALUES (?, ?)")
        .run(name, JSON.stringify(config));
    }
  }
}

/** `name`, `name:qualifier`, `account:function:name` or an ARN. */
export function parseReference(reference: string | undefined): { name: string; qualifier?: string | undefined } {
  const text = decodeURIComponent(reference ?? "");
  const tail = text.includes("function:") ? text.slice(text.lastIndexOf("function:") + "function:".length) : text;
  const [name = "", qualifier] = tail.split(":");
  return { name, qualifier };
}

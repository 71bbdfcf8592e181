/**
 * Published versions and aliases of functions. A version is the function as it was: code and configuration never change again.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/configuration-versions.html and configuration-aliases.html
 */
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import type { Row } from "../../store/index.ts";
import type { FunctionStore, StoredFunction } from "./function-store.ts";

export const LATEST = "$LATEST";

export interface StoredAlias {
  function: string;
  name: string;
  version: string;
  description: string;
  /** A second version, and the share of invocations it gets, 0 to 1. */
  routing?: { version: string; weight: number } | undefined;
  revisionId: string;
}

export class VersionStore {
  readonly #home: HomePorts;
  readonly #functions: FunctionStore;

  constructor(home: HomePorts, functions: FunctionStore) {
    this.#home = home;
    this.#functions = functions;
  }

  /** The function as it is now, as its next version; the last one again when nothing changed since. */
  publish(name: string, description: string | undefined): StoredFunction {
    const latest = this.#functions.get(name);
    const last = this.list(name).at(-1);
    if (last !== undefined && sameAs(latest, last)) return last;
    const number = this.#home.store.prepare(
      `INSERT INTO lambda_version_counts VALUES (?, 1)
         ON CONFLICT (function) DO UPDATE SET last = last + 1 RETURNING last`,
    );
    const version = this.#home.store.transaction(() => String(number.get(name)?.last));
    const published: StoredFunction = {
      ...latest,
      version,
      description: description ?? latest.description,
      revisionId: this.#home.uuid(),
    };
    this.#home.store
      .prepare("INSERT INTO lambda_versions VALUES (?, ?, ?)")
      .run(name, Number(version), JSON.stringify(published));
    return published;
  }

  find(name: string, version: string): StoredFunction | undefined {
    if (!/^\d{1,15}$/.test(version)) return undefined;
    const row = this.#home.store
      .prepare("SELECT configuration FROM lambda_versions WHERE function = ? AND version = ?")
      .get(name, Number(version));
    return row === undefined ? undefined : JSON.parse(String(row.configuration));
  }

  list(name: string): StoredFunction[] {
    return this.#home.store
      .prepare("SELECT configuration FROM lambda_versions WHERE function = ? ORDER BY version")
      .all(name)
      .map((row) => JSON.parse(String(row.configuration)));
  }

  /** @throws AwsError ResourceConflictException while an alias points at it */
  deleteVersion(name: string, version: string): void {
    const pointing = this.aliases(name).filter((alias) => [alias.version, alias.routing?.version].includes(version));
    if (pointing.length > 0) {
      const names = pointing.map((alias) => alias.name).join(", ");
      throw conflict(`Version ${version} of ${name} is referenced by the aliases ${names}`);
    }
    this.#home.store
      .prepare("DELETE FROM lambda_versions WHERE function = ? AND version = ?")
      .run(name, Number(version));
  }

  alias(functionName: string, name: string): StoredAlias | undefined {
    const row = this.#home.store
      .prepare("SELECT * FROM lambda_aliases WHERE function = ? AND name = ?")
      .get(functionName, name);
    return row === undefined ? undefined : aliasOf(row);
  }

  aliases(functionName: string): StoredAlias[] {
    return this.#home.store
      .prepare("SELECT * FROM lambda_aliases WHERE function = ? ORDER BY name")
      .all(functionName)
      .map(aliasOf);
  }

  /** @throws AwsError ResourceNotFoundException when it points at a version that is not there */
  putAlias(alias: Omit<StoredAlias, "revisionId">): StoredAlias {
    const saved = { ...alias, revisionId: this.#home.uuid() };
    for (const version of [alias.version, alias.routing?.version]) {
      if (version !== undefined) this.resolve(alias.function, version, () => 0);
    }
    this.#home.store
      .prepare("INSERT OR REPLACE INTO lambda_aliases VALUES (?, ?, ?)")
      .run(alias.function, alias.name, JSON.stringify(saved));
    return saved;
  }

  deleteAlias(functionName: string, name: string): void {
    this.#home.store.prepare("DELETE FROM lambda_aliases WHERE function = ? AND name = ?").run(functionName, name);
  }

  /** Everything of a function that is gone. */
  forget(functionName: string): void {
    for (const table of ["lambda_versions", "lambda_aliases", "lambda_version_counts"]) {
      this.#home.store.prepare(`DELETE FROM ${table} WHERE function = ?`).run(functionName);
    }
  }

  /**
   * What `qualifier` stands for: a version, an alias (whose weights `random`, 0 ≤ x < 1, draws by), or the function as it is.
   * @throws AwsError ResourceNotFoundException
   */
  resolve(name: string, qualifier: string | undefined, random: () => number): StoredFunction {
    if (qualifier === undefined || qualifier === LATEST) return this.#functions.get(name);
    const alias = this.alias(name, qualifier);
    const drawn =
      alias?.routing !== undefined && random() < alias.routing.weight ? alias.routing.version : alias?.version;
    if (drawn === LATEST) return this.#functions.get(name);
    const found = this.find(name, drawn ?? qualifier);
    if (found !== undefined) return found;
    throw new AwsError("ResourceNotFoundException", `Function not found: ${this.#functions.arn(name)}:${qualifier}`, {
      status: 404,
      fields: { Type: "User" },
    });
  }
}

export function conflict(message: string): AwsError {
  return new AwsError("ResourceConflictException", message, { status: 409, fields: { Type: "User" } });
}

function aliasOf(row: Row): StoredAlias {
  return JSON.parse(String(row.configuration));
}

/** Whether publishing would only repeat the version. */
function sameAs(latest: StoredFunction, version: StoredFunction): boolean {
  const compared = ({ revisionId: _, modifiedMs: __, version: ___, description: ____, ...rest }: StoredFunction) =>
    JSON.stringify(rest);
  return compared(latest) === compared(version);
}

/** Parameters and all their versions. */
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import { openResourceTags, type ResourceTags } from "../../resource-tags.ts";
import type { Row } from "../../store/index.ts";

export interface ParameterRecord {
  name: string;
  version: number;
  value: string;
  type: "String" | "StringList" | "SecureString";
  description: string;
  modifiedMs: number;
}

/** A standard parameter's most; advanced ones (8 KB) are not kept here. */
const MAX_VALUE_BYTES = 4096;

const DDL = `CREATE TABLE ssm_parameters (
  name TEXT NOT NULL, version INTEGER NOT NULL, value TEXT NOT NULL, type TEXT NOT NULL, description TEXT NOT NULL,
  modified_ms INTEGER NOT NULL, PRIMARY KEY (name, version)) STRICT;`;

const LATEST = "SELECT *, MAX(version) FROM ssm_parameters";

export class ParameterStore {
  readonly #home: HomePorts;
  readonly #sql;
  /** Of parameters, by ARN. */
  readonly tags: ResourceTags;

  constructor(home: HomePorts) {
    this.#home = home;
    this.tags = openResourceTags(home.store, { code: "TooManyTagsError" });
    home.store.migrate("ssm", [DDL]);
    this.#sql = {
      latest: home.store.prepare(`${LATEST} WHERE name = ? GROUP BY name`),
      all: home.store.prepare(`${LATEST} GROUP BY name ORDER BY name`),
      version: home.store.prepare("SELECT * FROM ssm_parameters WHERE name = ? AND version = ?"),
      put: home.store.prepare("INSERT INTO ssm_parameters VALUES (?, ?, ?, ?, ?, ?)"),
      versions: home.store.prepare("SELECT * FROM ssm_parameters WHERE name = ? ORDER BY version"),
      drop: home.store.prepare("DELETE FROM ssm_parameters WHERE name = ?"),
    };
  }

  /** By name, "name:version" or ARN; undefined when there is none. */
  find(selector: string): ParameterRecord | undefined {
    const [name = "", version] = this.#plainName(selector).split(":");
    const row = version === undefined ? this.#sql.latest.get(name) : this.#sql.version.get(name, Number(version));
    return row && toRecord(row);
  }

  /** All versions of a parameter, oldest first. */
  versions(name: string): ParameterRecord[] {
    return this.#sql.versions.all(this.#plainName(name)).map(toRecord);
  }

  /** Latest versions, by name. */
  all(): ParameterRecord[] {
    return this.#sql.all.all().map(toRecord);
  }

  /**
   * Writes a version and emits "Parameter Store Change".
   * @throws AwsError ParameterAlreadyExists unless `overwrite`; ValidationException for a value too long or a wrong name.
   */
  put(wanted: Omit<ParameterRecord, "version" | "modifiedMs">, overwrite: boolean): ParameterRecord {
    const { name, value, type, description } = wanted;
    checkName(name);
    if (value === "") throw invalid("Parameter value can't be empty.");
    if (Buffer.byteLength(value) > MAX_VALUE_BYTES) {
      throw invalid(
        `Standard tier parameters support a maximum parameter value of ${MAX_VALUE_BYTES} characters. Advanced-tier parameters are not built in the embedded home; keep larger values in S3.`,
      );
    }
    const before = this.find(name);
    if (before && !overwrite) {
      throw new AwsError(
        "ParameterAlreadyExists",
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
      );
    }
    const version = (before?.version ?? 0) + 1;
    const modifiedMs = this.#home.clock.now();
    this.#sql.put.run(name, version, value, type, description, modifiedMs);
    this.#changed(before ? "Update" : "Create", { ...wanted, version, modifiedMs });
    return { ...wanted, version, modifiedMs };
  }

  /** Whether there was one to drop. */
  drop(name: string): boolean {
    const before = this.find(name);
    if (!before) return false;
    this.#sql.drop.run(before.name);
    this.tags.replace(this.arn(before.name), []);
    this.#changed("Delete", before);
    return true;
  }

  arn(name: string): string {
    const path = name.startsWith("/") ? name : `/${name}`;
    return `arn:aws:ssm:${this.#home.region}:${this.#home.accountId}:parameter${path}`;
  }

  /** ARN of what a request names, for the decision: no version in it. */
  requestedArn(selector: string): string {
    return this.arn(this.#plainName(selector).split(":")[0] ?? "");
  }

  #plainName(selector: string): string {
    const prefix = this.arn("/").slice(0, -1);
    if (!selector.startsWith(prefix)) return selector;
    const path = selector.slice(prefix.length);
    // "/name" in an ARN may be the parameter "name".
    return this.#sql.latest.get(path.split(":")[0] ?? "") ? path : path.slice(1);
  }

  // Shape: https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-cwe.html
  #changed(operation: "Create" | "Update" | "Delete", { name, type, description }: ParameterRecord): void {
    this.#home.emit({
      source: "aws.ssm",
      "detail-type": "Parameter Store Change",
      resources: [this.arn(name)],
      detail: { operation, name, type, ...(description === "" ? {} : { description }) },
    });
  }
}

function checkName(name: string): void {
  if (!/^[A-Za-z0-9_.\-/]{1,1011}$/.test(name)) {
    throw invalid(
      "Parameter name must be a fully qualified name: letters, digits and the symbols . - _ /, at most 1011 characters.",
    );
  }
  if (name.includes("/") && !name.startsWith("/")) {
    throw invalid(`Parameter name: a name with "/" must be fully qualified, starting with "/" (${name}).`);
  }
}

const invalid = (message: string) => new AwsError("ValidationException", message);

const toRecord = (row: Row): ParameterRecord => ({
  name: String(row.name),
  version: Number(row.version),
  value: String(row.value),
  type: row.type === "StringList" || row.type === "SecureString" ? row.type : "String",
  description: String(row.description),
  modifiedMs: Number(row.modified_ms),
});

/**
 * KMS keys and their aliases. Key material lies in the home's store as it is: the home's folder is the user's own.
 * Source: https://docs.aws.amazon.com/kms/latest/developerguide/concepts.html
 */
import { randomBytes } from "node:crypto";
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import type { Row } from "../../store/index.ts";

const TABLES: readonly string[] = [
  `CREATE TABLE kms_keys (id TEXT PRIMARY KEY, record TEXT NOT NULL, material BLOB NOT NULL) STRICT;
   CREATE TABLE kms_aliases (name TEXT PRIMARY KEY, key_id TEXT NOT NULL, created_ms INTEGER NOT NULL, updated_ms INTEGER NOT NULL) STRICT;`,
];

const KeyRecord = z.object({
  id: z.string(),
  description: z.string(),
  state: z.enum(["Enabled", "Disabled", "PendingDeletion"]),
  policy: z.string(),
  rotation: z.boolean(),
  rotationDays: z.number(),
  multiRegion: z.boolean(),
  tags: z.record(z.string(), z.string()),
  createdMs: z.number(),
  /** Days that CloudFormation lets pass between a delete and the key's end. */
  deletionDays: z.number().default(30),
  deletionMs: z.number().optional(),
});
export type KeyRecord = z.infer<typeof KeyRecord>;

export interface AliasRecord {
  name: string;
  keyId: string;
  createdMs: number;
  updatedMs: number;
}

const MATERIAL_BYTES = 32;

export class KeyStore {
  readonly #home: HomePorts;
  readonly #sql;

  constructor(home: HomePorts) {
    this.#home = home;
    const { store } = home;
    store.migrate("kms", TABLES);
    this.#sql = {
      key: store.prepare("SELECT record FROM kms_keys WHERE id = ?"),
      keys: store.prepare("SELECT record FROM kms_keys ORDER BY id"),
      material: store.prepare("SELECT material FROM kms_keys WHERE id = ?"),
      insert: store.prepare("INSERT INTO kms_keys VALUES (?, ?, ?)"),
      update: store.prepare("UPDATE kms_keys SET record = ? WHERE id = ?"),
      remove: store.prepare("DELETE FROM kms_keys WHERE id = ?"),
      alias: store.prepare("SELECT * FROM kms_aliases WHERE name = ?"),
      aliases: store.prepare("SELECT * FROM kms_aliases ORDER BY name"),
      putAlias: store.prepare("INSERT OR REPLACE INTO kms_aliases VALUES (?, ?, ?, ?)"),
      dropAlias: store.prepare("DELETE FROM kms_aliases WHERE name = ?"),
      dropAliasesOf: store.prepare("DELETE FROM kms_aliases WHERE key_id = ?"),
    };
  }

  arn(id: string): string {
    return `arn:aws:kms:${this.#home.region}:${this.#home.accountId}:key/${id}`;
  }

  aliasArn(name: string): string {
    return `arn:aws:kms:${this.#home.region}:${this.#home.accountId}:${name}`;
  }

  create(wanted: Pick<KeyRecord, "description" | "tags" | "multiRegion"> & { policy: string | undefined }): KeyRecord {
    const id = this.#home.uuid();
    const record: KeyRecord = {
      ...wanted,
      id: wanted.multiRegion ? `mrk-${id.replaceAll("-", "")}` : id,
      policy: wanted.policy ?? this.#defaultPolicy(),
      state: "Enabled",
      rotation: false,
      rotationDays: 365,
      deletionDays: 30,
      createdMs: this.#home.clock.now(),
    };
    this.#sql.insert.run(record.id, JSON.stringify(record), randomBytes(MATERIAL_BYTES));
    this.#home.policies.invalidate();
    return record;
  }

  /** By id, key ARN, alias name or alias ARN. A key whose waiting time is over is gone. */
  find(reference: string): KeyRecord | undefined {
    const id = this.#idOf(reference);
    const row = id === undefined ? undefined : this.#sql.key.get(id);
    return row && this.#living(row);
  }

  /** @throws AwsError NotFoundException */
  get(reference: string): KeyRecord {
    const found = this.find(reference);
    if (found !== undefined) return found;
    const tail = reference.startsWith("arn:") ? reference.slice(reference.lastIndexOf(":") + 1) : reference;
    throw new AwsError(
      "NotFoundException",
      tail.startsWith("alias/")
        ? `Alias ${this.aliasArn(tail)} is not found.`
        : `Key '${this.arn(tail.replace(/^key\//, ""))}' does not exist`,
    );
  }

  all(): KeyRecord[] {
    return this.#sql.keys.all().flatMap((row) => this.#living(row) ?? []);
  }

  put(record: KeyRecord): void {
    this.#sql.update.run(JSON.stringify(record), record.id);
    this.#home.policies.invalidate();
  }

  /** The 256 bits that this key encrypts with. */
  material(id: string): Uint8Array {
    const material = this.#sql.material.get(id)?.material;
    if (material instanceof Uint8Array) return material;
    throw new TypeError(`kms_keys holds no material of ${id}`);
  }

  alias(name: string): AliasRecord | undefined {
    const row = this.#sql.alias.get(name);
    return row && toAlias(row);
  }

  aliases(): AliasRecord[] {
    return this.#sql.aliases.all().map(toAlias);
  }

  putAlias(name: string, keyId: string): void {
    const now = this.#home.clock.now();
    this.#sql.putAlias.run(name, keyId, this.alias(name)?.createdMs ?? now, now);
  }

  dropAlias(name: string): void {
    this.#sql.dropAlias.run(name);
  }

  #idOf(reference: string): string | undefined {
    const tail = reference.startsWith("arn:") ? reference.slice(reference.lastIndexOf(":") + 1) : reference;
    return tail.startsWith("alias/") ? this.alias(tail)?.keyId : tail.replace(/^key\//, "");
  }

  #living(row: Row): KeyRecord | undefined {
    const record = KeyRecord.parse(JSON.parse(String(row.record)));
    if (record.deletionMs === undefined || record.deletionMs > this.#home.clock.now()) return record;
    this.#remove(record.id);
    return undefined;
  }

  #remove(id: string): void {
    this.#sql.remove.run(id);
    this.#sql.dropAliasesOf.run(id);
    this.#home.policies.invalidate();
  }

  /** The policy of a key made without one: the account's own IAM policies decide. */
  #defaultPolicy(): string {
    const Principal = { AWS: `arn:aws:iam::${this.#home.accountId}:root` };
    const Statement = [
      { Sid: "Enable IAM User Permissions", Effect: "Allow", Principal, Action: "kms:*", Resource: "*" },
    ];
    return JSON.stringify({ Version: "2012-10-17", Id: "key-default-1", Statement });
  }
}

function toAlias(row: Row): AliasRecord {
  return {
    name: String(row.name),
    keyId: String(row.key_id),
    createdMs: Number(row.created_ms),
    updatedMs: Number(row.updated_ms),
  };
}

/** State machines and their revisions. An execution keeps the revision it started with, whatever happens to its machine. */
import { createHash } from "node:crypto";
import { z } from "zod";
import {
  compile,
  invalidDefinitionMessage,
  type Machine,
  type MachineType,
  parseDefinition,
} from "../../../engine/states/index.ts";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";

export interface MachineRecord {
  arn: string;
  name: string;
  type: MachineType;
  roleArn: string;
  revision: string;
  definition: string;
  logging: unknown;
  tracing: boolean;
  createdMs: number;
  updatedMs: number;
}

export interface MachineInput {
  name: string;
  type: MachineType;
  roleArn: string;
  definition: string;
  logging?: unknown;
  tracing?: boolean;
}

const Row = z.object({
  arn: z.string(),
  name: z.string(),
  type: z.enum(["STANDARD", "EXPRESS"]),
  role_arn: z.string(),
  revision: z.string(),
  definition: z.string(),
  logging: z.string().nullable(),
  tracing: z.number(),
  created_ms: z.number(),
  updated_ms: z.number(),
});

// AWS: 1 MB of definition.
const MAX_DEFINITION_BYTES = 1_048_576;
const KEPT = 200;

export class MachineStore {
  readonly #home: HomePorts;
  readonly #compiled = new Map<string, Machine>();
  /** Machines as read from the store, which every start asks for. */
  readonly #known = new Map<string, MachineRecord>();
  readonly #get;
  readonly #all;
  readonly #put;
  readonly #putRevision;
  readonly #getRevision;
  readonly #remove;

  constructor(home: HomePorts) {
    this.#home = home;
    const { store } = home;
    const select = "SELECT m.*, r.definition FROM states_machines m JOIN states_revisions r ON r.revision = m.revision";
    this.#get = store.prepare(`${select} WHERE m.arn = ?`);
    this.#all = store.prepare(`${select} ORDER BY m.created_ms, m.arn`);
    this.#put = store.prepare(
      "INSERT INTO states_machines VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (arn) DO UPDATE SET role_arn = excluded.role_arn, revision = excluded.revision, logging = excluded.logging, tracing = excluded.tracing, updated_ms = excluded.updated_ms",
    );
    this.#putRevision = store.prepare("INSERT INTO states_revisions VALUES (?, ?, ?) ON CONFLICT DO NOTHING");
    this.#getRevision = store.prepare("SELECT type, definition FROM states_revisions WHERE revision = ?");
    this.#remove = store.prepare("DELETE FROM states_machines WHERE arn = ?");
  }

  arnOf(name: string): string {
    return `arn:aws:states:${this.#home.region}:${this.#home.accountId}:stateMachine:${name}`;
  }

  find(arn: string): MachineRecord | undefined {
    const known = this.#known.get(arn);
    if (known !== undefined) return known;
    const row = this.#get.get(arn);
    if (row === undefined) return undefined;
    const record = toRecord(row);
    if (this.#known.size >= KEPT) this.#known.clear();
    this.#known.set(arn, record);
    return record;
  }

  /** @throws AwsError StateMachineDoesNotExist */
  require(arn: string): MachineRecord {
    const found = this.find(arn);
    if (found === undefined) throw new AwsError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
    return found;
  }

  list(): MachineRecord[] {
    return this.#all.all().map(toRecord);
  }

  /** Creates or updates; the definition is checked first. @throws AwsError InvalidDefinition */
  save(input: MachineInput): MachineRecord {
    checkDefinition(input.definition, input.type);
    const arn = this.arnOf(input.name);
    const now = this.#home.clock.now();
    const revision = createHash("sha256").update(`${input.type}\n${input.definition}`).digest("hex").slice(0, 32);
    this.#known.delete(arn);
    this.#home.store.transaction(() => {
      this.#putRevision.run(revision, input.type, input.definition);
      const logging = input.logging === undefined ? null : JSON.stringify(input.logging);
      this.#put.run(arn, input.name, input.type, input.roleArn, revision, logging, input.tracing ? 1 : 0, now, now);
    });
    return this.require(arn);
  }

  remove(arn: string): void {
    this.#known.delete(arn);
    this.#remove.run(arn);
  }

  /** The compiled machine of a revision (or, with `flow`, of a distributed map in it); compiled once. */
  compiled(revision: string, flow?: string): Machine {
    if (flow !== undefined) return this.compiled(revision).child(flow);
    const known = this.#compiled.get(revision);
    if (known !== undefined) return known;
    const row = z
      .object({ type: z.enum(["STANDARD", "EXPRESS"]), definition: z.string() })
      .parse(this.#getRevision.get(revision));
    const machine = compile(checkDefinition(row.definition, row.type));
    if (this.#compiled.size >= KEPT) {
      const oldest = this.#compiled.keys().next().value;
      if (oldest !== undefined) this.#compiled.delete(oldest);
    }
    this.#compiled.set(revision, machine);
    return machine;
  }

  definitionOf(revision: string): string {
    return z.object({ definition: z.string() }).parse(this.#getRevision.get(revision)).definition;
  }
}

/** @throws AwsError InvalidDefinition with every diagnostic, as CreateStateMachine words it */
export function checkDefinition(text: string, type: MachineType) {
  if (Buffer.byteLength(text) > MAX_DEFINITION_BYTES) {
    throw new AwsError(
      "InvalidDefinition",
      "Invalid State Machine Definition: 'MAX_DEFINITION_SIZE_EXCEEDED: the definition is larger than 1048576 bytes'",
    );
  }
  const { definition, diagnostics } = parseDefinition(text, { type });
  if (definition === undefined) throw new AwsError("InvalidDefinition", invalidDefinitionMessage(diagnostics));
  return definition;
}

function toRecord(raw: unknown): MachineRecord {
  const row = Row.parse(raw);
  return {
    arn: row.arn,
    name: row.name,
    type: row.type,
    roleArn: row.role_arn,
    revision: row.revision,
    definition: row.definition,
    logging: row.logging === null ? undefined : JSON.parse(row.logging),
    tracing: row.tracing === 1,
    createdMs: row.created_ms,
    updatedMs: row.updated_ms,
  };
}

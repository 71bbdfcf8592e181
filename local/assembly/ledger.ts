/**
 * What is up: the stacks and resources of the last apply, in the home's store.
 *
 *   L1. A resource's intent is recorded before it is created, its state right after: a process killed in between finds
 *       the intent and creates again, under the same generated name.
 *   L2. So is the intent to update it: what an update left half done is updated again, be it back to what it was.
 *   L3. A replaced resource moves to the orphans in the same transaction that records the intent of its successor.
 *   L4. Where its successor never came to be, and it is wanted as it was, it is taken back: what it holds is not lost.
 */
import type { ResourceState } from "../define-service.ts";
import type { Row, Store } from "../store/index.ts";
import { ASSEMBLY_TABLES } from "./tables.ts";

export interface LedgerEntry {
  stackName: string;
  logicalId: string;
  type: string;
  /** "intended": create was asked for, and not seen to end; "changing": update was, of what `properties` describe. */
  status: "intended" | "created" | "changing";
  /** Grows with each replacement; part of generated names. */
  generation: number;
  /** Resolved properties as last given to create or update. */
  properties: unknown;
  state: ResourceState;
  /** Kept when the resource leaves the template. */
  retain: boolean;
  /** Place in dependency order; deletion goes backwards. */
  position: number;
}

export interface Orphan {
  id: number;
  stackName: string;
  logicalId: string;
  type: string;
  generation: number;
  state: ResourceState;
  /** As it was last made; undefined where an earlier version of the home replaced it. */
  properties: unknown;
}

export class Ledger {
  readonly #store: Store;
  readonly #statements;

  constructor(store: Store) {
    store.migrate("assembly", ASSEMBLY_TABLES);
    this.#store = store;
    this.#statements = {
      all: store.prepare("SELECT * FROM assembly_resources"),
      put: store.prepare("INSERT OR REPLACE INTO assembly_resources VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"),
      drop: store.prepare("DELETE FROM assembly_resources WHERE stack = ? AND logical_id = ?"),
      orphans: store.prepare("SELECT * FROM assembly_orphans ORDER BY id"),
      orphan: store.prepare(
        "INSERT INTO assembly_orphans (stack, logical_id, type, generation, physical_id, attributes, properties) VALUES (?, ?, ?, ?, ?, ?, ?)",
      ),
      dropOrphan: store.prepare("DELETE FROM assembly_orphans WHERE id = ?"),
      dropOrphanOf: store.prepare("DELETE FROM assembly_orphans WHERE stack = ? AND logical_id = ? AND generation = ?"),
      applied: store.prepare("SELECT digest, summary FROM assembly_applied WHERE id = 1"),
      apply: store.prepare("INSERT OR REPLACE INTO assembly_applied VALUES (1, ?, ?)"),
      unapply: store.prepare("DELETE FROM assembly_applied"),
    };
  }

  entries(): LedgerEntry[] {
    return this.#statements.all.all().map(toEntry);
  }

  put(entry: LedgerEntry): void {
    const { physicalId, attributes } = entry.state;
    this.#statements.put.run(
      entry.stackName,
      entry.logicalId,
      entry.type,
      entry.status,
      entry.generation,
      JSON.stringify(entry.properties ?? {}),
      physicalId,
      JSON.stringify(attributes),
      entry.retain ? 1 : 0,
      entry.position,
    );
  }

  drop(stackName: string, logicalId: string): void {
    this.#statements.drop.run(stackName, logicalId);
  }

  /** Records the intent to replace `old` by `successor` (L3). */
  replace(old: LedgerEntry, successor: LedgerEntry): void {
    this.#store.transaction(() => {
      if (old.status !== "intended") {
        const { physicalId, attributes } = old.state;
        this.#statements.orphan.run(
          old.stackName,
          old.logicalId,
          old.type,
          old.generation,
          physicalId,
          JSON.stringify(attributes),
          // What an update left half done is nothing to go back to.
          old.status === "created" ? JSON.stringify(old.properties ?? {}) : null,
        );
      }
      this.put(successor);
    });
  }

  orphans(): Orphan[] {
    return this.#statements.orphans.all().map((row) => ({
      id: Number(row.id),
      stackName: String(row.stack),
      logicalId: String(row.logical_id),
      type: String(row.type),
      generation: Number(row.generation),
      state: toState(row),
      properties: row.properties === null ? undefined : JSON.parse(String(row.properties)),
    }));
  }

  /** Makes the replaced resource `orphan` the one that is up again (L4). */
  restore(orphan: Orphan, entry: LedgerEntry): void {
    this.#store.transaction(() => {
      this.dropOrphan(orphan.id);
      this.put(entry);
    });
  }

  /** What a successor whose intent is recorded replaces, unless it is deleted already. */
  orphanBefore({ stackName, logicalId, generation }: LedgerEntry): Orphan | undefined {
    return this.orphans().find(
      (orphan) =>
        orphan.stackName === stackName && orphan.logicalId === logicalId && orphan.generation === generation - 1,
    );
  }

  dropOrphan(id: number): void {
    this.#statements.dropOrphan.run(id);
  }

  /** After `replaced` was deleted before its successor was made. */
  dropOrphanOf(replaced: Pick<LedgerEntry, "stackName" | "logicalId" | "generation">): void {
    this.#statements.dropOrphanOf.run(replaced.stackName, replaced.logicalId, replaced.generation);
  }

  /** Digest and summary of the last apply that ended well. */
  applied(): { digest: string; summary: unknown } | undefined {
    const row = this.#statements.applied.get();
    return row && { digest: String(row.digest), summary: JSON.parse(String(row.summary)) };
  }

  setApplied(digest: string, summary: unknown): void {
    this.#statements.apply.run(digest, JSON.stringify(summary));
  }

  /** Before the first change: from here on the home is between two assemblies. */
  clearApplied(): void {
    this.#statements.unapply.run();
  }
}

function toEntry(row: Row): LedgerEntry {
  return {
    stackName: String(row.stack),
    logicalId: String(row.logical_id),
    type: String(row.type),
    status: row.status === "created" || row.status === "changing" ? row.status : "intended",
    generation: Number(row.generation),
    properties: JSON.parse(String(row.properties)),
    state: toState(row),
    retain: row.retain === 1,
    position: Number(row.position),
  };
}

const toState = (row: Row): ResourceState => ({
  physicalId: String(row.physical_id),
  attributes: JSON.parse(String(row.attributes)),
});

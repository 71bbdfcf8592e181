/**
 * Nested transactions inside the open batch, and the writes that wait in it.
 *
 * A write whose outcome nobody looks at is queued: made in its place among the others before anything is read or written
 * otherwise, at the latest with the commit. A transaction of nothing but such writes is undone by forgetting them, so it
 * needs no savepoint, for which SQLite would keep a copy of every page the transaction touches.
 */
import type { DatabaseSync, SQLInputValue, StatementSync } from "node:sqlite";

interface Queued {
  statement: StatementSync;
  parameters: readonly SQLInputValue[];
}

/** Statements of one depth of nested transactions, prepared once. */
type Savepoint = Readonly<{ name: string; open: StatementSync; release: StatementSync }>;

/** So that a batch of very many writes, or of large ones, is not held in memory whole. */
const MOST_QUEUED = 500;
const MOST_QUEUED_CHARACTERS = 16_000_000;

export class Transactions {
  readonly #database: DatabaseSync;
  readonly #savepoints: Savepoint[] = [];
  #queued: Queued[] = [];
  /** Of the texts among what was queued since it was last made; what was undone counts too. */
  #characters = 0;
  /** Of each open transaction, the outermost first: how many of the queued writes came before it. */
  readonly #before: number[] = [];
  /** How many of them, the outermost, have a savepoint. */
  #saved = 0;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  queue(statement: StatementSync, parameters: readonly SQLInputValue[]): void {
    this.#queued.push({ statement, parameters });
    for (const parameter of parameters) if (typeof parameter === "string") this.#characters += parameter.length;
  }

  /**
   * Makes the queued writes, those of a transaction behind its savepoint.
   * @param writing another write follows at once, which belongs to the innermost transaction
   */
  settle(writing: boolean): void {
    if (this.#queued.length === 0 && !(writing && this.#saved < this.#before.length)) return;
    const queued = this.#queued;
    this.#queued = [];
    this.#characters = 0;
    let made = 0;
    for (let depth = 0; depth < this.#before.length; depth++) {
      made = makeWrites(queued, made, this.#before[depth] ?? 0);
      this.#before[depth] = 0;
      if (depth === this.#saved && (writing || made < queued.length)) this.#save();
    }
    makeWrites(queued, made, queued.length);
  }

  begin(): void {
    this.#before.push(this.#queued.length);
  }

  end(): void {
    this.#before.pop();
    if (this.#saved > this.#before.length) this.#savepoint(--this.#saved).release.run();
    const many = this.#queued.length > MOST_QUEUED || this.#characters > MOST_QUEUED_CHARACTERS;
    if (this.#before.length === 0 && many) this.settle(false);
  }

  /** As if the innermost transaction had not begun. */
  undo(): void {
    this.#queued.length = this.#before.pop() ?? 0;
    if (this.#saved <= this.#before.length) return;
    const { name } = this.#savepoint(--this.#saved);
    // After some failures of the disk SQLite has undone the whole batch by itself.
    if (this.#database.isTransaction) this.#database.exec(`ROLLBACK TO ${name}; RELEASE ${name}`);
  }

  /** The batch is given up. */
  forget(): void {
    this.#queued.length = 0;
  }

  #save(): void {
    this.#savepoint(this.#saved++).open.run();
  }

  #savepoint(depth: number): Savepoint {
    const known = this.#savepoints[depth];
    if (known) return known;
    const name = `s${depth}`;
    const made = {
      name,
      open: this.#database.prepare(`SAVEPOINT ${name}`),
      release: this.#database.prepare(`RELEASE ${name}`),
    };
    this.#savepoints[depth] = made;
    return made;
  }
}

/** @returns `to`, or where it began if that is further */
function makeWrites(queued: readonly Queued[], from: number, to: number): number {
  let at = from;
  for (; at < to; at++) {
    const write = queued[at];
    if (write) write.statement.run(...write.parameters);
  }
  return at;
}

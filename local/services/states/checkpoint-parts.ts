/** The large values of one execution's checkpoint, which are rows of their own: written once, removed when it names them no more. */
import type { Execution, JsonValue, PartsReader, PartsWriter } from "../../../engine/states/index.ts";

export interface PartRow {
  id: number;
  /** JSON text. */
  value: string;
}

/** Where an execution's rows are. */
export interface PartRows {
  all(): readonly PartRow[];
  put(row: PartRow): void;
  remove(id: number): void;
  removeAll(): void;
}

type Part = Readonly<{ id: number; length: number }>;

/** Of most executions: thousands may be open, and few have any. Never written to. */
const NONE: ReadonlyMap<JsonValue, Part> = new Map();

export class CheckpointParts implements PartsReader, PartsWriter {
  readonly #store: PartRows;
  /** As the rows are. */
  #rows = NONE;
  /** As the checkpoint that is being saved names them. */
  #named: Map<JsonValue, Part> | undefined;
  #restored: Map<number, JsonValue> | undefined;
  #lastId = 0;
  #unsure = false;

  constructor(store: PartRows) {
    this.#store = store;
  }

  /** Reads the rows, for an execution that is restored. */
  read(): this {
    const found = this.#store.all();
    if (found.length === 0) return this;
    const restored = new Map<number, JsonValue>();
    const rows = new Map<JsonValue, Part>();
    for (const { id, value } of found) {
      const parsed: JsonValue = JSON.parse(value);
      restored.set(id, parsed);
      rows.set(parsed, { id, length: value.length });
      this.#lastId = Math.max(this.#lastId, id);
    }
    this.#restored = restored;
    this.#rows = rows;
    return this;
  }

  /** Characters of all values, as JSON. */
  get length(): number {
    let length = 0;
    for (const part of this.#rows.values()) length += part.length;
    return length;
  }

  get(id: number): JsonValue {
    const value = this.#restored?.get(id);
    if (value === undefined) throw new Error(`a checkpoint names its part ${id}, which is not there`);
    return value;
  }

  put(value: JsonValue): number {
    this.#named ??= new Map();
    const part = this.#named.get(value) ?? this.#rows.get(value) ?? this.#keep(value);
    this.#named.set(value, part);
    return part.id;
  }

  #keep(value: JsonValue): Part {
    const text = JSON.stringify(value);
    this.#lastId += 1;
    this.#store.put({ id: this.#lastId, value: text });
    return { id: this.#lastId, length: text.length };
  }

  /** The execution's checkpoint; brings the rows to what it names. */
  save(execution: Execution): string {
    this.#restored = undefined;
    this.#named = undefined;
    if (this.#unsure) this.clear();
    const text = execution.checkpointText(this);
    const named = this.#named ?? NONE;
    for (const [value, { id }] of this.#rows) if (!named.has(value)) this.#store.remove(id);
    this.#rows = named;
    this.#named = undefined;
    return text;
  }

  /** No checkpoint needs them any more. */
  clear(): void {
    if (this.#rows.size > 0 || this.#unsure) this.#store.removeAll();
    this.#rows = NONE;
    this.#unsure = false;
  }

  /** What was saved last was undone: the next checkpoint begins anew. */
  undone(): void {
    this.#rows = NONE;
    this.#unsure = true;
  }
}

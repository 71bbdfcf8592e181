/** Hands a map run's items out in pages, from an open stream; asked for items that have gone by, it opens the stream again. */
import type { JsonValue, ReadItemsEffect } from "../../../../engine/states/index.ts";
import type { ObjectPort } from "../items/object-port.ts";
import { readItems } from "../items/read-items.ts";

export interface ItemPage {
  items: JsonValue[];
  more: boolean;
}

// No batch is larger; beyond it a page only costs memory.
const MAX_PAGE_BYTES = 256 * 1024;

export class ItemPages {
  readonly #objects: ObjectPort;
  #stream: AsyncGenerator<JsonValue, void> | undefined;
  /** Items read but perhaps not used, and the index of the first. */
  #kept: JsonValue[] = [];
  #keptFrom = 0;
  #ended = false;

  constructor(objects: ObjectPort) {
    this.#objects = objects;
  }

  /** @throws ItemReaderError */
  async page(effect: ReadItemsEffect): Promise<ItemPage> {
    const { from, limit } = effect;
    if (this.#stream === undefined || from < this.#keptFrom) await this.#open(effect);
    await this.#skipTo(from);
    const items: JsonValue[] = [];
    let bytes = 0;
    while (items.length < limit && bytes <= MAX_PAGE_BYTES) {
      if (!(await this.#has(items.length))) break;
      const item = this.#kept[items.length] ?? null;
      bytes += Buffer.byteLength(JSON.stringify(item));
      items.push(item);
    }
    return { items, more: await this.#has(items.length) };
  }

  async close(): Promise<void> {
    await this.#stream?.return();
    this.#stream = undefined;
  }

  async #open(effect: ReadItemsEffect): Promise<void> {
    await this.close();
    this.#stream = readItems(this.#objects, effect);
    this.#kept = [];
    this.#keptFrom = 0;
    this.#ended = false;
  }

  async #skipTo(from: number): Promise<void> {
    while (this.#keptFrom < from) {
      const gone = Math.min(from - this.#keptFrom, this.#kept.length);
      if (gone === 0 && !(await this.#has(0))) return;
      this.#kept.splice(0, Math.max(gone, 1));
      this.#keptFrom += Math.max(gone, 1);
    }
  }

  async #has(index: number): Promise<boolean> {
    while (this.#kept.length <= index && !this.#ended) {
      const next = await this.#stream?.next();
      if (next === undefined || next.done) this.#ended = true;
      else this.#kept.push(next.value);
    }
    return this.#kept.length > index;
  }
}

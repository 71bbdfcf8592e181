/** What was uploaded: an object that is a file, or one in which many small files lie end to end, since each object costs its requests. */
import * as z from "zod/mini";
import type { PublishedFile } from "../curation/curate-files.ts";
import { CutShortError } from "./errors.ts";

const Key = z.string().check(z.startsWith("incoming/"));
const FileIn = z.strictObject({ name: z.string().check(z.minLength(1)), bytes: z.int().check(z.nonnegative()) });

/** A key, of an object that is one file and is called by it; or a key with the names and lengths of the files in it. */
export const Landed = z.union([Key, z.strictObject({ key: Key, files: z.array(FileIn).check(z.minLength(1)) })]);
export type Landed = z.infer<typeof Landed>;

/** Its key in the landing bucket. */
export function keyOf(landed: Landed): string {
  return typeof landed === "string" ? landed : landed.key;
}

/** @param objects those of `landed`, in its order */
export function landedFiles(
  landed: readonly Landed[],
  objects: readonly PublishedFile[],
): Readonly<{ files: readonly PublishedFile[]; close: () => Promise<void> }> {
  const cuts: Cut[] = [];
  const files = objects.flatMap((object, index) => {
    const at = landed[index];
    if (at === undefined || typeof at === "string") return [object];
    const cut = new Cut(object);
    cuts.push(cut);
    return at.files.map(({ name, bytes }) => ({ name, bytes, open: async () => cut.next(bytes) }));
  });
  const close = async () => {
    for (const cut of cuts) await cut.close();
  };
  return { files, close };
}

/** Where a file lies: in which object, and from which byte to before which, where it is not all of it. */
export function whereIs(file: string, landed: readonly Landed[]): { key: string; start: number; end?: number } {
  for (const at of landed) {
    if (typeof at === "string") continue;
    const index = at.files.findIndex(({ name }) => name === file);
    if (index === -1) continue;
    if (at.files.length === 1) return { key: at.key, start: 0 };
    const start = at.files.slice(0, index).reduce((sum, { bytes }) => sum + bytes, 0);
    return { key: at.key, start, end: start + (at.files[index]?.bytes ?? 0) };
  }
  return { key: file, start: 0 };
}

/** Cuts an object into its files, which are read one after the other. */
class Cut {
  readonly #object: PublishedFile;
  #chunks: AsyncIterator<Uint8Array> | undefined;
  #rest: Uint8Array = new Uint8Array();

  constructor(object: PublishedFile) {
    this.#object = object;
  }

  async *next(bytes: number): AsyncGenerator<Uint8Array> {
    this.#chunks ??= (await this.#object.open())[Symbol.asyncIterator]();
    for (let left = bytes; left > 0; ) {
      if (this.#rest.length === 0) this.#rest = await this.#read(this.#chunks, left);
      const piece = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(piece.length);
      left -= piece.length;
      yield piece;
    }
  }

  async close(): Promise<void> {
    await this.#chunks?.return?.();
  }

  async #read(chunks: AsyncIterator<Uint8Array>, left: number): Promise<Uint8Array> {
    const { done, value } = await chunks.next();
    if (done === true) throw new CutShortError(this.#object.name, left);
    return value;
  }
}

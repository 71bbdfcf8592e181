/** Opens the next files while one is read: a thousand small ones take as long to ask for as to read. */
import type { PublishedFile } from "../curation/curate-files.ts";

const AHEAD = 8;

export type OpenedAhead = Readonly<{
  /** To be opened in their order. */
  files: readonly PublishedFile[];
  /** Lets go of what was opened and not read. */
  close: () => Promise<void>;
}>;

export function openAhead(
  keys: readonly string[],
  open: (key: string) => Promise<AsyncIterable<Uint8Array>>,
): OpenedAhead {
  const opening = new Map<string, Promise<AsyncIterable<Uint8Array>>>();
  let asked = 0;
  const ask = (count: number) => {
    for (const key of keys.slice(asked, count)) {
      const bytes = open(key);
      // A failure is told where the file is read, if it comes to that.
      bytes.catch(() => undefined);
      opening.set(key, bytes);
    }
    asked = Math.max(asked, count);
  };
  const files = keys.map((key, index) => ({
    name: key,
    open: async () => {
      ask(index + 1 + AHEAD);
      const bytes = opening.get(key);
      opening.delete(key);
      return bytes ?? open(key);
    },
  }));
  const close = async () => {
    for (const bytes of opening.values()) {
      const opened = await bytes.catch(() => undefined);
      await opened?.[Symbol.asyncIterator]().return?.();
    }
  };
  return { files, close };
}

/**
 * Looks when a file or folder changes. The system may have no watch to give (Linux counts them for each user, and editors
 * and bundlers take many); then, and where a watch breaks off, it looks every so often.
 */
import { type FSWatcher, watch } from "node:fs";

const INTERVAL_MS = 500;

/**
 * @param look may be called without a change, and must not throw; not called any more once the returned function was
 */
export function watchPath(path: string, look: () => void): () => void {
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;
  const lookOften = () => {
    watcher?.close();
    watcher = undefined;
    timer ??= setInterval(look, INTERVAL_MS).unref();
  };
  try {
    watcher = watch(path, { persistent: false }, look);
    watcher.on("error", lookOften);
  } catch {
    lookOften();
  }
  return () => {
    watcher?.close();
    clearInterval(timer);
  };
}

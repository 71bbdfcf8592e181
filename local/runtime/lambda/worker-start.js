// Plain JavaScript, so that a cold start strips no types: with the home's cache of compiled code, worker-entry.ts and the
// function itself come from there. Without one (the home as a library) it only passes on.
import module from "node:module";
import { workerData } from "node:worker_threads";

const WRITE_EVERY_MS = 5000;

if (workerData.compileCache !== undefined) {
  module.enableCompileCache(workerData.compileCache);
  // A terminated thread would not write what it compiled, be it at the start or with its first event.
  setInterval(() => module.flushCompileCache(), WRITE_EVERY_MS).unref();
}
await import("./worker-entry.ts");

/**
 * Checksums of files that are being written. Those of a small file are computed on the way; those of a large one by a thread
 * that reads what was written (out of the system's cache), so that requests are answered meanwhile and the disk is written to.
 * The thread is started with the first file that is worth its start, and ended when it has had nothing to do for a while.
 */
import { Worker } from "node:worker_threads";
import type { Clock } from "../../clock.ts";
import type { DigestAnswer, DigestTask } from "./digest-worker.ts";
import { type ChecksumAlgorithm, startChecksums } from "./running-checksum.ts";

/** One file's checksums. */
export interface FileDigest {
  /** The next bytes, before they are written. */
  update(bytes: Uint8Array): void;
  /** The file holds its first `bytes` bytes. */
  written(bytes: number): void;
  /** After all was written: the checksums in base64, in the order of the algorithms. */
  end(): Promise<string[]>;
  /** Of a file that is given up. */
  drop(): void;
}

/** To start the thread takes as long as MD5 of three times as much; but it does not hold up the event loop. */
const WORTH_A_START_BYTES = 8 * 2 ** 20;
/** Where one of this size came, larger ones may follow: what is made of a table of 4 MB, say. */
const SIGN_OF_LARGER_BYTES = 4 * 2 ** 20;
const WORTH_A_MESSAGE_BYTES = 2 ** 20;
const IDLE_MS = 60_000;
/** It makes next to no garbage, and collects it seldom. */
const YOUNG_GENERATION_MB = 2;
const MODULE = new URL("./digest-worker.ts", import.meta.url);

interface Waiting {
  resolve(checksums: string[]): void;
  reject(error: Error): void;
}

export class Digester {
  readonly #clock: Clock;
  /** Files with the thread: undefined until their end is asked for. */
  readonly #files = new Map<number, Waiting | undefined>();
  #thread: Worker | undefined;
  #ids = 0;
  #closed = false;
  #cancelIdle: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * Starts the checksums of the file at `path`, which is empty yet.
   * @param expectedBytes about how large it will be; undefined: nobody knows
   */
  async start(
    path: string,
    algorithms: readonly ChecksumAlgorithm[],
    expectedBytes: number | undefined,
  ): Promise<FileDigest> {
    const bytes = expectedBytes ?? 0;
    if (bytes >= (this.#thread === undefined ? WORTH_A_START_BYTES : WORTH_A_MESSAGE_BYTES))
      return this.#beside(path, algorithms);
    const digest = await onTheWay(algorithms);
    return bytes < SIGN_OF_LARGER_BYTES ? digest : { ...digest, end: () => digest.end().finally(() => this.#warm()) };
  }

  /** Ends the thread; who waits for it is told. */
  close(): void {
    this.#closed = true;
    this.#end();
  }

  #end(): void {
    this.#cancelIdle();
    void this.#thread?.terminate();
    if (this.#thread !== undefined) this.#ended(this.#thread, new Error("the home was closed"));
  }

  #beside(path: string, algorithms: readonly ChecksumAlgorithm[]): FileDigest {
    const id = ++this.#ids;
    const thread = this.#start();
    const tell = (task: DigestTask) => thread.postMessage(task);
    this.#files.set(id, undefined);
    tell({ kind: "start", id, path, algorithms });
    return {
      update: () => undefined,
      written: (bytes) => tell({ kind: "written", id, bytes }),
      end: () =>
        new Promise((resolve, reject) => {
          if (!this.#files.has(id)) return reject(new Error("the thread that computes checksums ended"));
          this.#files.set(id, { resolve, reject });
          tell({ kind: "end", id });
        }),
      drop: () => {
        tell({ kind: "drop", id });
        this.#forget(id);
      },
    };
  }

  #start(): Worker {
    this.#cancelIdle();
    if (this.#thread === undefined) {
      const thread = new Worker(MODULE, {
        name: "checksums",
        execArgv: [],
        resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MB },
      });
      thread.on("message", (answer: DigestAnswer) => this.#answered(answer));
      thread.on("error", (error) => this.#ended(thread, error));
      thread.on("exit", () => this.#ended(thread, new Error("the thread that computes checksums ended")));
      this.#thread = thread;
    }
    this.#thread.ref();
    return this.#thread;
  }

  #answered(answer: DigestAnswer): void {
    const waiting = this.#files.get(answer.id);
    if ("checksums" in answer) waiting?.resolve(answer.checksums);
    else waiting?.reject(new Error(answer.failure));
    this.#forget(answer.id);
  }

  #warm(): void {
    if (this.#closed) return;
    this.#start();
    this.#rest();
  }

  #forget(id: number): void {
    this.#files.delete(id);
    this.#rest();
  }

  #rest(): void {
    if (this.#files.size > 0 || this.#thread === undefined) return;
    // What has nothing to do keeps no process alive.
    this.#thread.unref();
    this.#cancelIdle();
    this.#cancelIdle = this.#clock.at(this.#clock.now() + IDLE_MS, () => {
      if (this.#files.size === 0) this.#end();
    });
  }

  #ended(thread: Worker, reason: Error): void {
    if (this.#thread !== thread) return;
    this.#thread = undefined;
    const waiting = [...this.#files.values()];
    this.#files.clear();
    for (const one of waiting) one?.reject(reason);
  }
}

async function onTheWay(algorithms: readonly ChecksumAlgorithm[]): Promise<FileDigest> {
  const running = await startChecksums(algorithms);
  return {
    update: (bytes) => running.update(bytes),
    written: () => undefined,
    end: () => running.digest(),
    drop: () => undefined,
  };
}

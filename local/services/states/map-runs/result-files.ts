/** Files of results, one series a status (`SUCCEEDED_0.json`, `SUCCEEDED_1.json`, …), each closed before it grows large. */
import type { JsonObject, JsonValue } from "../../../../engine/states/index.ts";

type Status = "SUCCEEDED" | "FAILED" | "PENDING";

const MAX_FILE_BYTES = 8 * 1024 * 1024;

interface Series {
  written: { Key: string; Size: number }[];
  open: string[];
  bytes: number;
}

export class ResultFiles {
  readonly #folder: string;
  readonly #type: "JSON" | "JSONL";
  readonly #put: (key: string, text: string) => Promise<void>;
  readonly #series: Record<Status, Series> = { FAILED: series(), PENDING: series(), SUCCEEDED: series() };

  constructor(folder: string, type: "JSON" | "JSONL", put: (key: string, text: string) => Promise<void>) {
    this.#folder = folder;
    this.#type = type;
    this.#put = put;
  }

  async add(status: Status, value: JsonValue): Promise<void> {
    const to = this.#series[status];
    const text = JSON.stringify(value);
    to.open.push(text);
    to.bytes += Buffer.byteLength(text) + 1;
    if (to.bytes >= MAX_FILE_BYTES) await this.#write(status, to);
  }

  /** Writes what is open; answers the manifest's `ResultFiles`. */
  async close(): Promise<JsonObject> {
    const files: Record<string, JsonValue> = {};
    for (const status of ["FAILED", "PENDING", "SUCCEEDED"] as const) {
      const to = this.#series[status];
      if (to.open.length > 0) await this.#write(status, to);
      files[status] = to.written;
    }
    return files;
  }

  async #write(status: Status, to: Series): Promise<void> {
    const isLines = this.#type === "JSONL";
    const text = isLines ? to.open.map((line) => `${line}\n`).join("") : `[${to.open.join(",")}]`;
    const Key = `${this.#folder}/${status}_${to.written.length}.${isLines ? "jsonl" : "json"}`;
    await this.#put(Key, text);
    to.written.push({ Key, Size: Buffer.byteLength(text) });
    to.open = [];
    to.bytes = 0;
  }
}

function series(): Series {
  return { written: [], open: [], bytes: 0 };
}

/**
 * Where GetFunction's Code.Location leads: a URL that gives a function's zip to whoever has it, for ten minutes, as Lambda's
 * presigned one does. It listens from the first such URL on.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { Clock } from "../../clock.ts";
import { listenOnLoopback } from "../../loopback.ts";
import { zipFolder } from "./code-archive.ts";

const EXPIRES_SECONDS = 600;

export class CodeListener {
  readonly #clock: Clock;
  readonly #secret = randomBytes(32);
  #listening: Promise<{ server: Server; port: number }> | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param folder where the code lies, unpacked; the zip it came from lies beside it, where it came as one */
  async urlOf(folder: string): Promise<string> {
    const { port } = await this.#listen();
    const path = `/snapshots/${Buffer.from(folder).toString("base64url")}`;
    const ends = String(this.#clock.now() + EXPIRES_SECONDS * 1000);
    const query = { "X-Amz-Expires": String(EXPIRES_SECONDS), ends, "X-Amz-Signature": this.#sign(path, ends) };
    return `http://127.0.0.1:${port}${path}?${new URLSearchParams(query)}`;
  }

  close(): void {
    this.#listening?.then(({ server }) => {
      server.close();
      server.closeAllConnections();
    });
  }

  #listen() {
    this.#listening ??= this.#start();
    return this.#listening;
  }

  async #start() {
    const server = createServer((request, response) => {
      const { pathname, searchParams } = new URL(request.url ?? "/", "http://127.0.0.1");
      const ends = searchParams.get("ends") ?? "";
      if (
        !this.#isSigned(pathname, ends, searchParams.get("X-Amz-Signature") ?? "") ||
        Number(ends) < this.#clock.now()
      ) {
        response.writeHead(403).end();
        return;
      }
      const folder = Buffer.from(pathname.slice(pathname.lastIndexOf("/") + 1), "base64url").toString();
      if (!existsSync(folder)) {
        response.writeHead(404).end();
        return;
      }
      const zip = existsSync(`${folder}.zip`) ? readFileSync(`${folder}.zip`) : zipFolder(folder);
      response.writeHead(200, { "content-type": "application/zip", "content-length": String(zip.length) });
      response.end(request.method === "HEAD" ? undefined : zip);
    });
    const port = await listenOnLoopback(server);
    // An open listener is no reason for the home to live on.
    server.unref();
    return { server, port };
  }

  #sign(path: string, ends: string): string {
    return createHmac("sha256", this.#secret).update(`${path}\n${ends}`).digest("hex");
  }

  #isSigned(path: string, ends: string, signature: string): boolean {
    const [given, expected] = [Buffer.from(signature), Buffer.from(this.#sign(path, ends))];
    return given.length === expected.length && timingSafeEqual(given, expected);
  }
}

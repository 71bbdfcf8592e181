/**
 * Commands that use a home another command stood up: each holds a request open as long as it runs, so that the home may stay
 * until they are done. Whoever asks is told nothing, so the request needs no signature.
 */
import type { IncomingMessage, ServerResponse } from "node:http";

/** Held open from the answer's headers on. */
export const GUEST_PATH = "/_tidemill/guest";

export class Guests {
  readonly #held = new Set<ServerResponse>();
  #onLeft: (() => void)[] = [];

  get count(): number {
    return this.#held.size;
  }

  /** Resolves once there is none. */
  left(): Promise<void> {
    if (this.count === 0) return Promise.resolve();
    return new Promise((resolve) => this.#onLeft.push(resolve));
  }

  /** Takes a request for {@link GUEST_PATH}; false for any other. */
  readonly take = ({ url }: IncomingMessage, response: ServerResponse): boolean => {
    if (url !== GUEST_PATH) return false;
    this.#held.add(response);
    response.once("close", () => {
      this.#held.delete(response);
      if (this.count > 0) return;
      for (const tell of this.#onLeft.splice(0)) tell();
    });
    response.writeHead(200, { "content-type": "text/plain" });
    response.flushHeaders();
    return true;
  };
}

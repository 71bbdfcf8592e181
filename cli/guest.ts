/** What tells a home that this command uses it: a connection, open until the command is done. See local/endpoint/guests.ts. */
import { connect } from "node:net";
import { GUEST_PATH } from "../local/running.ts";

export interface Guest {
  leave(): void;
}

/** Undefined when the home takes no more requests, as one that closes. */
export function visit(endpoint: string): Promise<Guest | undefined> {
  const { hostname, port, host } = new URL(endpoint);
  const socket = connect(Number(port), hostname);
  return new Promise((resolve) => {
    socket.once("connect", () => socket.write(`GET ${GUEST_PATH} HTTP/1.1\r\nhost: ${host}\r\n\r\n`));
    // Whatever it answers: an earlier version knows of no guests.
    socket.once("data", () => {
      // The command does not stay for it.
      socket.unref();
      resolve({ leave: () => void socket.destroy() });
    });
    socket.once("error", () => resolve(undefined)).once("close", () => resolve(undefined));
  });
}

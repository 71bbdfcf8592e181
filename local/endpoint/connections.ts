/**
 * Connections take open files, of which a process may have so many: part of them is kept for what the home itself does.
 * Where no more may be open, a new connection takes the place of the one that has been without a request for longest, as
 * of a client that keeps it for later or sends nothing; where each has one, it is refused.
 */
import { readFileSync } from "node:fs";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/** At least half of the files, unless that is more than the home ever has open. */
const MOST_KEPT = 512;
/** Where the system does not tell. */
const USUAL_FILES = 10_240;
/** Fewer than a shell allows by itself. */
const FEW_FILES = 1024;

const REFUSAL =
  "every connection this home may have is in use; ask again, or start it where more files may be open (ulimit -n)";

export interface ConnectionLimit {
  connections: number;
  /** Files the process may have open, where they are few. */
  fewFiles: number | undefined;
}

/** What the limit of this process allows for. */
export function connectionLimit(files = mostOpenFiles()): ConnectionLimit {
  const connections = files - Math.min(Math.ceil(files / 2), MOST_KEPT);
  return { connections, fewFiles: files < FEW_FILES ? files : undefined };
}

/** Has `server` keep no more than `most` connections open. */
export function limitConnections(server: Server, most: number): void {
  // Those without a request, the longest first.
  const resting = new Set<Socket>();
  const requests = new Map<Socket, number>();
  server.on("connection", (socket: Socket) => {
    requests.set(socket, 0);
    resting.add(socket);
    socket.once("close", () => {
      requests.delete(socket);
      resting.delete(socket);
    });
    if (requests.size <= most) return;
    const [longest] = resting;
    if (longest !== undefined && longest !== socket) longest.destroy();
    else refuse(socket);
  });
  const count = (socket: Socket, more: 1 | -1) => {
    const before = requests.get(socket);
    if (before === undefined) return;
    requests.set(socket, before + more);
    if (before + more === 0) resting.add(socket);
    else resting.delete(socket);
  };
  const begin = ({ socket }: IncomingMessage, response: ServerResponse) => {
    count(socket, 1);
    response.once("close", () => count(socket, -1));
  };
  server.on("request", begin);
  server.on("checkContinue", begin);
}

function refuse(socket: Socket): void {
  const length = Buffer.byteLength(REFUSAL);
  socket.write(
    `HTTP/1.1 503 Service Unavailable\r\ncontent-type: text/plain\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\n${REFUSAL}`,
  );
  socket.destroySoon();
}

function mostOpenFiles(): number {
  try {
    const [, soft = ""] = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8")) ?? [];
    return soft === "" ? USUAL_FILES : Number(soft);
  } catch {
    return USUAL_FILES;
  }
}

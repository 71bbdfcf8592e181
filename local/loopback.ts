/** Servers of this machine alone. */
import type { Server } from "node:net";

/** Listens on 127.0.0.1:`port` (0: any free one). @returns the port. @throws the listen error, EADDRINUSE included */
export async function listenOnLoopback(server: Server, port = 0): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve());
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error(`expected a port, listens on ${address}`);
  return address.port;
}

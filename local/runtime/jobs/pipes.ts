/** Pipe mode: a channel's files reach the script through named pipes, one an epoch (feed_pipes.py). */
import { fileURLToPath } from "node:url";
import { CONTAINER_ROOT, type ContainerCommand } from "./container.ts";

export interface PipedChannel {
  name: string;
  /** Its files are unpacked on their way. */
  gzip: boolean;
}

const FEED = fileURLToPath(new URL("feed_pipes.py", import.meta.url));

/** Where the files of a piped channel lie, in the container's terms: not among its data. */
export function pipedFolder({ name, gzip }: PipedChannel): string {
  return `${CONTAINER_ROOT}/input/.pipes/${gzip ? "gzip" : "plain"}/${name}`;
}

/** The command, with what feeds its pipes. */
export function withPipes(container: ContainerCommand, channels: readonly PipedChannel[]): ContainerCommand {
  if (channels.length === 0) return container;
  const fed = channels.map((channel) => `${CONTAINER_ROOT}/input/data/${channel.name}=${pipedFolder(channel)}`);
  return { ...container, command: ["python3", FEED, ...fed, "--", ...container.command] };
}

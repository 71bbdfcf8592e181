/**
 * The port a home answered on last. It is tried first at the next start: URLs of queues and shells' variables hold it,
 * and functions were given them when the home was another process.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const fileOf = (directory: string) => join(directory, "port");

/** Undefined for a home that never answered, or whose note is damaged. */
export function lastPort(directory: string): number | undefined {
  try {
    const port = Number(readFileSync(fileOf(directory), "utf8"));
    return Number.isInteger(port) && port > 0 && port <= 65_535 ? port : undefined;
  } catch {
    return undefined;
  }
}

/** Notes where the home answers now. */
export function keepPort(directory: string, port: number): void {
  writeFileSync(fileOf(directory), `${port}\n`);
}

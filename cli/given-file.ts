/** The files that a command was given by name, or stdin as `-`. */
import { readFileSync } from "node:fs";
import { jsonSyntaxProblem } from "../engine/index.ts";
import { CommandFailure, type ExitCode } from "./failure.ts";

const STANDARD_INPUT = "-";

/** @throws CommandFailure 2 for a file that is not there or cannot be read */
export function readGiven(path: string): string {
  try {
    return readFileSync(path === STANDARD_INPUT ? 0 : path, "utf8");
  } catch (thrown) {
    throw new CommandFailure(2, `${path}: ${whyUnread(thrown)}`);
  }
}

/**
 * @param name what the text is called in the message: a file, an option
 * @throws CommandFailure with line and column of what is no JSON
 */
export function parseGiven(name: string, text: string, exitCode: ExitCode = 2): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const { message, line, column } = jsonSyntaxProblem(text);
    throw new CommandFailure(exitCode, `${name}:${line}:${column}: no JSON: ${message}`);
  }
}

function whyUnread(thrown: unknown): string {
  if (!(thrown instanceof Error && "code" in thrown)) return String(thrown);
  if (thrown.code === "ENOENT") return "no such file";
  if (thrown.code === "EISDIR") return "a folder; expected a file";
  return `cannot be read: ${thrown.message}`;
}

/** What every command is given: the global options, the terminal, and how to end. */
import { resolve } from "node:path";
import type { Command } from "commander";
import { CommandFailure } from "./failure.ts";
import { createTerminal, fold, stdoutWidth, type Terminal } from "./terminal.ts";

export interface Context {
  home: string;
  port: number | undefined;
  json: boolean;
  terminal: Terminal;
  /** Prints the command's result: the JSON value with `--json`, else the text. */
  print(value: unknown, text: string): void;
  /** Whether it was: with `--json` there is one value on stdout, whatever fails after it. */
  readonly printed: boolean;
}

/** Reads the global options of the command that runs. */
export function contextOf(command: Command): Context {
  const options = command.optsWithGlobals<{ home: string; port?: number; json?: boolean }>();
  const json = options.json ?? false;
  let printed = false;
  return {
    home: resolve(options.home),
    port: options.port,
    json,
    terminal: createTerminal(process.stderr),
    print(value, text) {
      printed = true;
      // What is JSON already is not to be broken.
      const shown = text.startsWith("{") ? text : fold(text, stdoutWidth());
      process.stdout.write(`${json ? JSON.stringify(value) : shown}\n`);
    },
    get printed() {
      return printed;
    },
  };
}

/** Ends the process: the failure's words on stderr, its JSON on stdout with `--json`, its exit code. */
export function endWith(thrown: unknown, { json, printed, terminal }: Context): void {
  const failure = thrown instanceof CommandFailure ? thrown : undefined;
  const message = messageOf(thrown);
  terminal.fresh();
  terminal.line(`tidemill: ${message}`);
  if (json && !printed) process.stdout.write(`${JSON.stringify(failure?.result ?? { error: message })}\n`);
  if (failure === undefined && thrown instanceof Error && process.env.TIDEMILL_DEBUG !== undefined)
    process.stderr.write(`${thrown.stack}\n`);
  process.exitCode = failure?.exitCode ?? 1;
}

/** Whether a call failed because the home answers no more. */
export function homeStopped(thrown: unknown): boolean {
  return (
    thrown instanceof Error && "code" in thrown && (thrown.code === "ECONNREFUSED" || thrown.code === "ECONNRESET")
  );
}

function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return homeStopped(thrown) ? "the home stopped while this command used it; run the command again" : thrown.message;
}

/** How each command is declared, run and ended. */
import { type Command, type CommanderError, InvalidArgumentError } from "commander";
import type { GivenParameter } from "../../local/index.ts";
import type { Connection } from "../connect.ts";
import { type Context, contextOf, endWith } from "../context.ts";
import { homeAfter, interruptible, wasInterrupted } from "../interruption.ts";

/** A command of `parent`, with examples under its help. */
export function command(parent: Command, name: string, description: string, ...examples: string[]): Command {
  const title = examples.length === 1 ? "Example:" : "Examples:";
  return parent
    .command(name)
    .description(description)
    .addHelpText("after", ["", title, ...examples.map((example) => `  ${example}`)].join("\n"));
}

/** Help ends well; what commander refused, and has told of on stderr, is wrong usage. */
export function endUsage({ exitCode, message }: CommanderError): never {
  if (exitCode === 0) process.exit(0);
  const missing = message === "(outputHelp)";
  const error = missing ? "a command is missing" : message.replace(/^error: /, "");
  if (missing) process.stderr.write(`\nerror: ${error}\n`);
  // Before a command is known its options are not: what was typed tells.
  if (process.argv.includes("--json")) process.stdout.write(`${JSON.stringify({ error })}\n`);
  process.exit(2);
}

/** Runs a command that needs no home; what it throws becomes the exit code and the words on stderr. */
export async function act(self: Command, work: (context: Context) => Promise<void>): Promise<void> {
  const context = contextOf(self);
  try {
    await work(context);
  } catch (thrown) {
    endWith(thrown, context);
    // What the command waited for may still be asked about; nobody waits for it any more.
    if (wasInterrupted()) process.exit();
  }
}

interface OnHome {
  /** The command ends well at a signal, and sees to it itself. */
  endsAtSignal?: boolean;
  /** What has become of the command's work, where a signal ends it; besides what becomes of the home. */
  remaining?: () => string;
}

/** With the running home, or one stood up for the command's own duration. */
export function actOnHome(
  self: Command,
  work: (connection: Connection, context: Context) => Promise<void>,
  { endsAtSignal = false, remaining = () => "" }: OnHome = {},
): Promise<void> {
  return act(self, async (context) => {
    const { connect } = await import("../connect.ts");
    const connection = await connect({ ...context, endless: endsAtSignal });
    try {
      // A home of its own is closed in order; a running one goes on. Unless the command sees to it itself.
      if (endsAtSignal) await work(connection, context);
      else {
        await interruptible(
          () => work(connection, context),
          () => [remaining(), homeAfter(connection)].filter((part) => part !== "").join("; "),
        );
      }
    } finally {
      await connection.close();
    }
  });
}

/** Gathers an option that may be repeated. */
export function contextPairs(pair: string, before: readonly string[] = []): string[] {
  if (pair.indexOf("=") < 1) throw new InvalidArgumentError("expected key=value, such as mlAccount=111122223333");
  return [...before, pair];
}

/** Gathers values of template parameters, each as the CDK's own --parameters takes it. */
export function parameterValues(pair: string, before: readonly GivenParameter[] = []): GivenParameter[] {
  const [, stackName, name, value] = /^(?:([A-Za-z][A-Za-z0-9-]*):)?([A-Za-z0-9]+)=(.*)$/s.exec(pair) ?? [];
  if (name === undefined || value === undefined)
    throw new InvalidArgumentError("expected name=value or stack:name=value, such as MyStack:Stage=dev");
  return [...before, { stackName, name, value }];
}

/** @throws InvalidArgumentError, which commander tells as wrong usage */
export function folderName(text: string): string {
  if (text === "") throw new InvalidArgumentError("expected a folder's name");
  return text;
}

/** @throws InvalidArgumentError, which commander tells as wrong usage */
export function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new InvalidArgumentError("expected a port, 0 to 65535");
  return port;
}

/** A whole number from 1. @throws InvalidArgumentError */
export function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError("expected a whole number from 1");
  return number;
}

export const positiveUpTo = (most: number) => (text: string) => {
  const number = positive(text);
  if (number > most) throw new InvalidArgumentError(`expected at most ${most}`);
  return number;
};

/**
 * Synthesizes the app: `node infra/synth.ts [-c key=value …] [--output DIR] [--force]`.
 *
 * Nothing is done when no input changed since the assembly was written; the CDK is not even loaded then.
 */
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { CONTEXT_KEYS } from "./accounts.ts";
import { inputsDigest } from "./inputs-digest.ts";

export type SynthesizeOptions = Readonly<{
  /** Where the cloud assembly goes; `cdk.out` in the project by default. */
  directory?: string;
  /** CDK context, see {@link import("./app.ts").AppOptions}. */
  context?: Readonly<Record<string, string>>;
  /** Synthesize even when no input changed. */
  force?: boolean;
}>;

export type Synthesized = Readonly<{
  /** Absolute path of the cloud assembly. */
  directory: string;
  /** False when the assembly was already that of these inputs, and nothing was written. */
  changed: boolean;
}>;

const PROJECT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const DIGEST_FILE = ".inputs.sha256";
/** A file the CDK leaves in each assembly. The manifest would not tell: other projects have one too. */
const ASSEMBLY_MARK = "cdk.out";
/** As the exit code of a command that cannot be meant. */
const WRONG_USAGE = 2;
const SHOWN_NAMES = 3;
const REPLACE_ATTEMPTS = 10;
/** With the exit code a shell gives for each. */
const SIGNALS = [
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const;

/**
 * Writes the cloud assembly of the app, unless it is up to date.
 *
 * The assembly is replaced as a whole: who reads it sees the old or the new one, never half of one.
 *
 * @throws OutputFolderError where something else than an assembly is, which would be lost
 * @throws ModelDefinitionError and its kin, with one line that says what to change
 */
export async function synthesize(options: SynthesizeOptions = {}): Promise<Synthesized> {
  const directory = resolve(options.directory ?? process.env.CDK_OUTDIR ?? join(PROJECT, "cdk.out"));
  requireReplaceable(directory);
  const context = options.context ?? {};
  const digest = inputsDigest(PROJECT, context);
  const upToDate = readDigest(directory) === digest;
  if (upToDate && options.force !== true) return { directory, changed: false };

  const bundles = mkdtempSync(join(tmpdir(), "tidemill-bundles-"));
  const outdir = `${directory}.${process.pid}`;
  const tidy = () => {
    for (const folder of [bundles, outdir]) rmSync(folder, { recursive: true, force: true });
  };
  // A signal ends the process in the middle of this.
  process.once("exit", tidy);
  try {
    rmSync(outdir, { recursive: true, force: true });
    await writeAssembly(outdir, bundles, context);
    writeFileSync(join(outdir, DIGEST_FILE), digest);
    // Another process may have put the same there meanwhile, and read it already: that stays.
    if (options.force === true || readDigest(directory) !== digest) replaceDirectory(outdir, directory);
  } finally {
    process.off("exit", tidy);
    tidy();
  }
  return { directory, changed: true };
}

/** A synth's output takes the place of all that is there: nobody's work may be. */
export class OutputFolderError extends Error {
  override readonly name = "OutputFolderError";
  readonly code = "InvalidOutputFolder";

  constructor(directory: string, found: string) {
    super(
      `${directory} is ${found}, and a synth would replace it as a whole; expected a new folder, an empty one, or the output of an earlier synth: give another`,
    );
  }
}

function requireReplaceable(directory: string): void {
  const stat = statSync(directory, { throwIfNoEntry: false });
  if (stat === undefined) return;
  if (!stat.isDirectory()) throw new OutputFolderError(directory, "a file");
  const names = readdirSync(directory);
  if (names.length === 0 || isFile(join(directory, ASSEMBLY_MARK))) return;
  const shown = names.length > SHOWN_NAMES ? [...names.slice(0, SHOWN_NAMES), "…"] : names;
  throw new OutputFolderError(directory, `no cloud assembly (it holds ${shown.join(", ")})`);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

async function writeAssembly(
  outdir: string,
  bundles: string,
  context: Readonly<Record<string, string>>,
): Promise<void> {
  const { loadInputs } = await import("./load-inputs.ts");
  const [inputs, { buildApp }] = await Promise.all([loadInputs(PROJECT, bundles), import("./app.ts")]);
  buildApp({ outdir, context, inputs }).synth();
}

/**
 * Puts `next` in the place of `directory`, also when another process does the same at this moment. What is there is moved aside
 * whole: two that emptied it in place would each find it half emptied by the other.
 */
function replaceDirectory(next: string, directory: string): void {
  for (let attempt = 1; ; attempt++) {
    const old = `${next}.old`;
    try {
      if (existsSync(directory)) renameSync(directory, old);
      renameSync(next, directory);
      return;
    } catch (error) {
      // Another has moved it aside, or put its own there, since it was looked at.
      const passed =
        error instanceof Error && "code" in error && ["ENOENT", "ENOTEMPTY", "EEXIST"].includes(String(error.code));
      if (!passed || attempt === REPLACE_ATTEMPTS) throw error;
    } finally {
      rmSync(old, { recursive: true, force: true });
    }
  }
}

function readDigest(directory: string): string | undefined {
  const file = join(directory, DIGEST_FILE);
  return existsSync(file) && existsSync(join(directory, "manifest.json")) ? readFileSync(file, "utf8") : undefined;
}

async function main(): Promise<void> {
  for (const [signal, code] of SIGNALS) process.once(signal, () => process.exit(code));
  const { values } = parseArgs({
    options: {
      context: { type: "string", short: "c", multiple: true, default: [] },
      output: { type: "string", short: "o" },
      force: { type: "boolean", default: false },
    },
  });
  const context = Object.fromEntries(values.context.map(readContext));
  const { output, force } = values;
  const { directory, changed } = await synthesize({
    context,
    force,
    ...(output === undefined ? {} : { directory: output }),
  });
  process.stderr.write(changed ? `synthesized ${directory}\n` : `${directory} is up to date\n`);
}

/** An argument that is no context: told in one line. */
class ContextError extends Error {
  override readonly name = "ContextError";
  readonly code = "InvalidContext";

  constructor(pair: string, expected: string) {
    super(`--context ${pair}: expected ${expected}`);
  }
}

/** A key the CDK or a library of its reads has a namespace; any other is this app's, and a misspelt one would be no one's. */
const OF_OTHERS = /[@:/]/;

function readContext(pair: string): [string, string] {
  const at = pair.indexOf("=");
  if (at < 1) throw new ContextError(pair, "key=value, such as -c mlAccount=111122223333");
  const key = pair.slice(0, at);
  if (!CONTEXT_KEYS.includes(key) && !OF_OTHERS.test(key)) {
    throw new ContextError(pair, `one of ${CONTEXT_KEYS.join(", ")}, found ${key}`);
  }
  return [key, pair.slice(at + 1)];
}

if (import.meta.main) {
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error && "code" in error ? error.message : String(error)}\n`);
    if (!(error instanceof Error && "code" in error)) console.error(error);
    process.exitCode = error instanceof OutputFolderError || error instanceof ContextError ? WRONG_USAGE : 1;
  });
}

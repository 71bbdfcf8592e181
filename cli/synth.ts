/** Synthesizes the CDK app in a process of its own: the CDK library is large, and the home stays small. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { CommandFailure } from "./failure.ts";
import { ROOT } from "./paths.ts";

/** The synth ends with it too, and has then told in one line what was wrong. */
const WRONG_USAGE = 2;

export interface SynthOptions {
  /** CDK context, as key=value. */
  context?: readonly string[];
  /** Another folder than cdk.out, absolute. */
  output?: string;
  /** Also when no input changed. */
  force?: boolean;
}

/**
 * @param signal ends it
 * @throws CommandFailure with what the synth said
 */
export async function synthesize(
  { context = [], output, force = false }: SynthOptions = {},
  signal?: AbortSignal,
): Promise<void> {
  const pairs = context.flatMap((pair) => ["--context", pair]);
  const given = [...pairs, ...(output === undefined ? [] : ["--output", output]), ...(force ? ["--force"] : [])];
  const said: Buffer[] = [];
  const child = spawn(process.execPath, [join(ROOT, "infra", "synth.ts"), ...given], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    ...(signal === undefined ? {} : { signal }),
  });
  child.stdout.on("data", (chunk: Buffer) => said.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const text = Buffer.concat(said).toString("utf8").trim();
  if (code === WRONG_USAGE) throw new CommandFailure(WRONG_USAGE, text);
  if (code !== 0) throw new CommandFailure(1, `synth failed:\n${text}`);
}

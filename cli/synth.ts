/** Synthesizes the CDK app in a process of its own: the CDK library is large, and the home stays small. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { CommandFailure } from "./failure.ts";
import { ROOT } from "./paths.ts";

/** @throws CommandFailure with what the synth said */
export async function synthesize(force = false): Promise<void> {
  const said: Buffer[] = [];
  const child = spawn(process.execPath, [join(ROOT, "infra", "synth.ts"), ...(force ? ["--force"] : [])], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.on("data", (chunk: Buffer) => said.push(chunk));
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  if (code !== 0) throw new CommandFailure(1, `synth failed:\n${Buffer.concat(said).toString("utf8").trim()}`);
}

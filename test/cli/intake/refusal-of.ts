import { CommandFailure } from "../../../cli/failure.ts";
import { takeIn } from "../../../cli/intake/take-in.ts";

/** How taking it in fails: the exit code and the words. @throws Error when it does not */
export async function refusalOf(path: string): Promise<{ exitCode: number; message: string; result: unknown }> {
  try {
    await takeIn(path);
  } catch (thrown) {
    if (!(thrown instanceof CommandFailure)) throw thrown;
    return { exitCode: thrown.exitCode, message: thrown.message, result: thrown.result };
  }
  throw new Error(`expected ${path} to be refused`);
}

/** One life of a home that `kill -9` ends at a given moment, whatever its clients are doing. */
import { setTimeout as pause } from "node:timers/promises";
import { type HomeClients, homeClients } from "./aws-clients.ts";
import { launch } from "./command.ts";

/**
 * @param livesMs from the start of its process
 * @throws what the work failed with before the home was killed
 */
export async function liveUntilKilled(
  home: string,
  livesMs: number,
  work: (clients: HomeClients) => Promise<unknown>,
): Promise<void> {
  const life = launch(home);
  let killed = false;
  const working = life.ready
    .then((up) => work(homeClients(home, up)))
    .catch((thrown: unknown) => {
      if (!killed) throw thrown;
    });
  try {
    // Which moment a process dies at is what is tested: the one thing here that time decides, not an answer.
    await Promise.race([pause(livesMs), working.then(() => new Promise<never>(() => undefined))]);
  } finally {
    killed = true;
    await life.kill();
  }
  await working;
}

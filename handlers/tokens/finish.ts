/** Ends the tasks that wait, by what the service says is true. */

import type { EndpointState } from "../aws/endpoints.ts";
import type { CrawlerState } from "../aws/glue.ts";
import type { TokenStore, WaitingToken } from "./token-store.ts";

export type TaskEnds = Readonly<{
  sendSuccess: (token: string, output: unknown) => Promise<void>;
  sendFailure: (token: string, error: string, cause: string) => Promise<void>;
}>;

/** Ends a crawl's task. The token is given up only once the answer is sent, so that an interruption repeats it. */
export async function finishCrawl(
  waiting: WaitingToken,
  crawler: string,
  state: CrawlerState,
  ends: TaskEnds,
  tokens: TokenStore,
): Promise<void> {
  if (state.lastStatus === "FAILED" || state.lastStatus === "CANCELLED") {
    const cause = `crawler ${crawler} ended ${state.lastStatus}: ${state.lastMessage ?? "Glue gave no message"}; see its log`;
    await ends.sendFailure(waiting.token, "CrawlerFailedError", cause);
  } else {
    await ends.sendSuccess(waiting.token, { crawler });
  }
  await tokens.remove(waiting.awaited, waiting.token);
}

/**
 * Ends a deployment's task where the endpoint has settled; `waiting.detail` is the configuration it waits for.
 *
 * @returns whether it was ended
 */
export async function finishDeployment(
  waiting: WaitingToken,
  name: string,
  endpoint: EndpointState | undefined,
  ends: TaskEnds,
  tokens: TokenStore,
): Promise<boolean> {
  const status = endpoint?.status ?? "Deleted";
  if (status === "InService" && endpoint?.configName === waiting.detail) {
    await ends.sendSuccess(waiting.token, { endpointName: name, endpointConfigName: waiting.detail });
  } else if (["InService", "Failed", "OutOfService", "UpdateRollbackFailed", "Deleted"].includes(status)) {
    const why = endpoint?.failureReason ?? `it serves ${endpoint?.configName ?? "nothing"}`;
    const cause = `endpoint ${name} is ${status} and does not serve ${waiting.detail}: ${why}; see the endpoint's log`;
    await ends.sendFailure(waiting.token, "EndpointFailedError", cause);
  } else {
    return false;
  }
  await tokens.remove(waiting.awaited, waiting.token);
  return true;
}

/** Makes an endpoint serve a configuration, for a task that waits until it does. */
import * as z from "zod/mini";
import type { EndpointState } from "../aws/endpoints.ts";
import { step } from "../step/step.ts";
import { finishDeployment, type TaskEnds } from "../tokens/finish.ts";
import { lazyEnds, lazyTable } from "../tokens/lazy-table.ts";
import { endpointKey, type TokenStore } from "../tokens/token-store.ts";
import { EndpointBusyError } from "./errors.ts";

const Input = z.strictObject({ endpointName: z.string(), endpointConfigName: z.string(), taskToken: z.string() });
type Input = z.infer<typeof Input>;
const Output = z.strictObject({ state: z.enum(["started", "finished"]) });

export type Adapters = TaskEnds &
  Readonly<{
    tokens: TokenStore;
    describeEndpoint: (name: string) => Promise<EndpointState | undefined>;
    createEndpoint: (name: string, configName: string) => Promise<void>;
    updateEndpoint: (name: string, configName: string) => Promise<void>;
  }>;

const SETTLED: ReadonlySet<string> = new Set(["InService", "Failed", "OutOfService", "UpdateRollbackFailed"]);

/** The handler on given adapters; throws {@link EndpointBusyError} while somebody else's change is under way. */
export const createHandler = (adapters: Adapters) =>
  step<Input, z.infer<typeof Output>>({
    name: "deploy-endpoint",
    input: Input,
    output: Output,
    work: async (input) => {
      const { tokens } = adapters;
      const { endpointName, endpointConfigName: detail, taskToken: token } = input;
      const waiting = { awaited: endpointKey(endpointName), token, state: "starting", detail } as const;
      await tokens.put(waiting);
      try {
        await change(input, adapters);
      } catch (error) {
        // The state will be retried with another token: this one would wait for ever.
        await tokens.remove(waiting.awaited, token);
        throw error;
      }
      await tokens.move(waiting.awaited, token, "started");
      // It may have settled before the token was marked: then the event found nothing to end. An older configuration says
      // nothing yet, the change was only just asked for.
      const now = await adapters.describeEndpoint(endpointName);
      if (now?.configName !== detail) return { state: "started" };
      const ended = await finishDeployment({ ...waiting, state: "started" }, endpointName, now, adapters, tokens);
      return { state: ended ? "finished" : "started" };
    },
  });

/** Asks for the change, unless it is under way or done: a repeated call must not begin it anew. */
async function change({ endpointName, endpointConfigName }: Input, adapters: Adapters): Promise<void> {
  const now = await adapters.describeEndpoint(endpointName);
  if (now === undefined) return adapters.createEndpoint(endpointName, endpointConfigName);
  if (now.configName === endpointConfigName && now.status !== "Failed") return;
  if (!SETTLED.has(now.status)) throw new EndpointBusyError(endpointName, now.status, now.configName);
  return adapters.updateEndpoint(endpointName, endpointConfigName);
}

const endpoints = () => import("../aws/endpoints.ts");
export const handler = createHandler({
  ...lazyEnds,
  tokens: lazyTable,
  describeEndpoint: async (name) => (await endpoints()).describeEndpoint(name),
  createEndpoint: async (...what) => (await endpoints()).createEndpoint(...what),
  updateEndpoint: async (...what) => (await endpoints()).updateEndpoint(...what),
});

/**
 * The frame of every handler: logs, parses what comes in, checks what goes out.
 *
 * zod/mini and the Powertools logger alone: with the full zod and the tracer a cold import would take three times as long.
 */
import { Logger } from "@aws-lambda-powertools/logger";
import middy from "@middy/core";
import type * as z from "zod/mini";
import { InvalidInputError } from "./errors.ts";

export type StepLog = Pick<Logger, "info" | "warn" | "error">;

export type Step<In, Out> = Readonly<{
  name: string;
  input: z.ZodMiniType<In>;
  output: z.ZodMiniType<Out>;
  /** `signal` aborts shortly before the function's time is up. */
  work: (input: In, tools: Readonly<{ log: StepLog; signal: AbortSignal }>) => Promise<Out>;
}>;

/**
 * Makes a Lambda handler of a step.
 *
 * @throws {@link InvalidInputError} (from the handler) when the event does not fit `input`; whatever `work` throws
 */
export function step<In, Out>({ name, input, output, work }: Step<In, Out>) {
  const log = new Logger({ serviceName: name });
  return middy<unknown, Out>()
    .before((request) => {
      if (request.context?.awsRequestId !== undefined) log.addContext(request.context);
    })
    .onError((request) => {
      log.error(`${name} failed`, request.error instanceof Error ? request.error : String(request.error));
    })
    .handler(async (event, _context, { signal }) => {
      const parsed = input.safeParse(event);
      if (!parsed.success) throw new InvalidInputError(name, parsed.error);
      return output.parse(await work(parsed.data, { log, signal }));
    });
}

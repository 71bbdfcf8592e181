/** Reads what the home shows beyond AWS's API, at /_tidemill/SERVICE/VIEW; signed with the home's keys, like any request. */
import { HttpRequest } from "@smithy/core/protocols";
import { z } from "zod";
import type { Connection } from "./connect.ts";
import { CommandFailure } from "./failure.ts";

const Refusal = z.object({ message: z.string() });

/**
 * @param view such as "events/counts"
 * @throws CommandFailure 1 with the home's words when it refuses, or when it is of a version that has no such view
 */
export async function readView<T>(
  { clients, endpoint }: Connection,
  view: string,
  schema: z.ZodType<T>,
  query: Readonly<Record<string, string>> = {},
): Promise<T> {
  const { hostname, port, host } = new URL(endpoint);
  const path = `/_tidemill/${view}`;
  const request = new HttpRequest({ hostname, port: Number(port), path, query, headers: { host } });
  const signer = await (await clients.events()).config.signer();
  const { headers } = await signer.sign(request);
  const response = await fetch(`http://${host}${path}?${new URLSearchParams(query)}`, { headers });
  const answer: unknown = await response.json();
  if (response.ok) return schema.parse(answer);
  const refusal = Refusal.safeParse(answer);
  throw new CommandFailure(1, refusal.success ? refusal.data.message : `the home answered ${response.status}`);
}

/** Reads what the home shows beyond AWS's API, at /_tidemill/SERVICE/VIEW; signed with the home's keys, like any request. */
import { HttpRequest } from "@smithy/core/protocols";
import { z } from "zod";
import type { Connection } from "./connect.ts";
import { CommandFailure } from "./failure.ts";

const Refusal = z.object({ __type: z.string(), message: z.string() });
const NOT_THERE = "ResourceNotFoundException";

/**
 * @param view such as "events/counts"
 * @throws CommandFailure with the home's words: 2 for what there is not, 1 for else, such as a version without the view
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
  if (!refusal.success) throw new CommandFailure(1, `the home answered ${response.status} to GET ${path}`);
  throw new CommandFailure(refusal.data.__type === NOT_THERE ? 2 : 1, refusal.data.message);
}

/** Reads a view of the home's own, signed with the client's credentials. */
import type { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { HttpRequest } from "@smithy/core/protocols";
import type { Clock } from "../../local/clock.ts";

/** @param path such as "events/counts?limit=1" @throws Error with the answer when it is not 200 */
export async function getView<T>(client: EventBridgeClient, clock: Clock, path: string): Promise<T> {
  const endpoint = await client.config.endpoint?.();
  const [pathname = "", search = ""] = `/_tidemill/${path}`.split("?");
  const { hostname = "", port = 0 } = endpoint ?? {};
  const request = new HttpRequest({
    hostname,
    port,
    path: pathname,
    query: Object.fromEntries(new URLSearchParams(search)),
    headers: { host: `${hostname}:${port}` },
  });
  const signer = await client.config.signer();
  const signingDate = new Date(clock.now());
  const signed = await signer.sign(request, { signingDate });
  const response = await fetch(`http://${hostname}:${port}${pathname}?${search}`, { headers: signed.headers });
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  return JSON.parse(text) as T;
}

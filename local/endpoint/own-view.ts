/**
 * The home's own views, beyond AWS's API: GET /_tidemill/SERVICE/VIEW, answered as JSON to the home's own user, who signs
 * as for any other request.
 */
import { AwsError } from "../aws-error.ts";
import type { Principal } from "../principal.ts";
import type { WireResponse } from "./respond.ts";

const PATH = /^\/_tidemill\/([a-z0-9-]+)\/([a-z0-9-]+)$/;

/** What a view shows; undefined: there is no such view. */
export type OwnView = (service: string, view: string, query: URLSearchParams) => unknown;

/** @throws AwsError AccessDeniedException, UnknownView, and what the view refuses */
export function answerView(show: OwnView, path: string, query: URLSearchParams, principal: Principal): WireResponse {
  if (principal.kind !== "home")
    throw new AwsError("AccessDeniedException", "the home's own views are for its own user, not for roles", {
      status: 403,
    });
  const [, service = "", view = ""] = PATH.exec(path) ?? [];
  const shown = show(service, view, query);
  if (shown === undefined) throw new AwsError("UnknownView", `this home has no view ${path}`, { status: 404 });
  return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(shown) };
}

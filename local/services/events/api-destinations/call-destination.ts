/**
 * One call of an API destination.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html
 */
import type { Target } from "@aws-sdk/client-eventbridge";
import { compileTargetInput } from "../../../../engine/index.ts";
import { AwsError } from "../../../aws-error.ts";
import type { HomePorts } from "../../../define-service.ts";
import { createRequestAuthorizer, type OutgoingRequest } from "./authorize-request.ts";
import type { Connections, Destination, Destinations } from "./destination-store.ts";
import { requireLoopback } from "./loopback.ts";
import { createRateLimit, type RateLimit } from "./rate-limit.ts";

export type CallDestination = (
  arn: string,
  target: Target,
  event: object,
  input: string,
) => Promise<{ untilMs: number } | undefined>;

const TIMEOUT_MS = 5_000;
/** Beside 5xx, what AWS tries again. */
const RETRIED = new Set([401, 407, 409, 429]);

/** The call resolves once the destination answered 2xx, or to when it may be called. @throws AwsError otherwise */
export function createCallDestination(
  home: HomePorts,
  connections: Connections,
  destinations: Destinations,
): CallDestination {
  const authorizer = createRequestAuthorizer(home);
  const limits = new Map<string, RateLimit>();
  const limitOf = (arn: string): RateLimit => {
    const limit = limits.get(arn) ?? createRateLimit();
    limits.set(arn, limit);
    return limit;
  };
  return async (arn, target, event, input) => {
    const destination = destinations.byArn(arn);
    const connection = connections.byArn(destination.settings.ConnectionArn);
    if (connection.settings.state !== "AUTHORIZED") {
      throw new AwsError("ConnectionNotAuthorized", `connection ${connection.name} is ${connection.settings.state}`);
    }
    const request = requestOf(destination, target, event, input);
    const untilMs = limitOf(arn).take(destination.settings.InvocationRateLimitPerSecond, home.clock.now());
    if (untilMs !== undefined) return { untilMs };
    await authorizer.authorize(request, connection);
    const response = await send(destination, request);
    if (response.ok) return undefined;
    if (response.status === 401 || response.status === 407) authorizer.forget(connection);
    const retried = response.status >= 500 || RETRIED.has(response.status);
    throw new AwsError(
      retried ? "ServiceUnavailable" : "InvalidResponse",
      `API destination ${destination.name} answered ${response.status} ${response.statusText}`.trim(),
      { status: retried ? 503 : 400 },
    );
  };
}

async function send({ name, settings }: Destination, { url, headers, body }: OutgoingRequest): Promise<Response> {
  const bodiless = settings.HttpMethod === "GET" || settings.HttpMethod === "HEAD";
  try {
    const response = await fetch(url, {
      method: settings.HttpMethod,
      headers,
      ...(bodiless ? {} : { body }),
      // What answers with another place is not followed to it: it may not be on this machine.
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response;
  } catch (cause) {
    throw new AwsError("ServiceUnavailable", `API destination ${name} could not be called: ${reasonOf(cause)}`, {
      status: 503,
      cause,
    });
  }
}

function requestOf({ name, settings }: Destination, target: Target, event: object, input: string): OutgoingRequest {
  const { PathParameterValues = [], HeaderParameters = {}, QueryStringParameters = {} } = target.HttpParameters ?? {};
  const values = PathParameterValues.map((value) => encodeURIComponent(textOf(value, event)));
  const endpoint = settings.InvocationEndpoint.replace(/\*/g, () => values.shift() ?? "*");
  const url = requireLoopback(endpoint, `API destination ${name}`);
  for (const [key, value] of Object.entries(QueryStringParameters)) url.searchParams.set(key, textOf(value, event));
  const headers = new Headers({
    "content-type": "application/json; charset=utf-8",
    "user-agent": "Amazon/EventBridge/ApiDestinations",
    range: "bytes=0-1048575",
  });
  for (const [key, value] of Object.entries(HeaderParameters)) headers.set(key, textOf(value, event));
  return { url, headers, body: input };
}

/** A parameter's value may be a path into the event. */
function textOf(value: string, event: object): string {
  if (!value.startsWith("$.")) return value;
  const context = { ruleArn: "", ruleName: "", ingestionTime: "" };
  const found: unknown = JSON.parse(compileTargetInput({ InputPath: value })(event, context).text);
  return typeof found === "string" ? found : JSON.stringify(found);
}

/** What `fetch` throws says only that it failed; its cause says why. */
function reasonOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  return thrown.cause instanceof Error ? thrown.cause.message : thrown.message;
}

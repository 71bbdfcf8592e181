/** Puts a connection's authorization and parameters onto a request; fetches and keeps OAuth tokens. */
import { z } from "zod";
import { AwsError } from "../../../aws-error.ts";
import type { HomePorts } from "../../../define-service.ts";
import type { HttpParameters, OAuthParameters } from "./connection-settings.ts";
import type { Connection } from "./destination-store.ts";
import { requireLoopback } from "./loopback.ts";

export interface OutgoingRequest {
  url: URL;
  headers: Headers;
  body: string;
}

export interface Authorizer {
  /** @throws AwsError when no token is to be had */
  authorize(request: OutgoingRequest, connection: Connection): Promise<void>;
  /** The last token was refused: the next request gets a new one. */
  forget(connection: Connection): void;
}

const Token = z.object({
  access_token: z.string(),
  token_type: z.string().default("Bearer"),
  expires_in: z.coerce.number().default(3600),
});
const TIMEOUT_MS = 5_000;
/** A token that ends within this time is fetched anew. */
const MARGIN_MS = 60_000;

export function createRequestAuthorizer(home: HomePorts): Authorizer {
  const tokens = new Map<string, { header: string; untilMs: number; modifiedMs: number }>();
  const tokenOf = async (connection: Connection, oauth: OAuthParameters): Promise<string> => {
    const known = tokens.get(connection.arn);
    if (known && known.untilMs > home.clock.now() && known.modifiedMs === connection.modifiedMs) return known.header;
    const token = await fetchToken(connection.name, oauth);
    const header = `${token.token_type} ${token.access_token}`;
    const untilMs = home.clock.now() + token.expires_in * 1000 - MARGIN_MS;
    tokens.set(connection.arn, { header, untilMs, modifiedMs: connection.modifiedMs });
    return header;
  };
  return {
    async authorize(request, connection) {
      const { ApiKeyAuthParameters, BasicAuthParameters, OAuthParameters, InvocationHttpParameters } =
        connection.settings.AuthParameters;
      addParameters(request, InvocationHttpParameters);
      if (ApiKeyAuthParameters) request.headers.set(ApiKeyAuthParameters.ApiKeyName, ApiKeyAuthParameters.ApiKeyValue);
      if (BasicAuthParameters) {
        const { Username, Password } = BasicAuthParameters;
        request.headers.set("authorization", `Basic ${Buffer.from(`${Username}:${Password}`).toString("base64")}`);
      }
      if (OAuthParameters) request.headers.set("authorization", await tokenOf(connection, OAuthParameters));
    },
    forget: ({ arn }) => void tokens.delete(arn),
  };
}

/** A connection's parameters win over those of the same name. */
function addParameters(request: OutgoingRequest, parameters: HttpParameters | undefined): void {
  for (const { Key, Value = "" } of parameters?.HeaderParameters ?? []) request.headers.set(Key, Value);
  for (const { Key, Value = "" } of parameters?.QueryStringParameters ?? []) request.url.searchParams.set(Key, Value);
  const body = parameters?.BodyParameters ?? [];
  if (body.length === 0) return;
  const given: unknown = JSON.parse(request.body);
  // Only an object has room for them.
  if (typeof given !== "object" || given === null || Array.isArray(given)) return;
  request.body = JSON.stringify({ ...given, ...Object.fromEntries(body.map(({ Key, Value = "" }) => [Key, Value])) });
}

async function fetchToken(name: string, oauth: OAuthParameters): Promise<z.infer<typeof Token>> {
  const url = requireLoopback(oauth.AuthorizationEndpoint, `the authorization endpoint of connection ${name}`);
  const { HeaderParameters = [], QueryStringParameters = [], BodyParameters = [] } = oauth.OAuthHttpParameters ?? {};
  const form = new URLSearchParams({
    grant_type: "client_credentials",
    client_id: oauth.ClientParameters.ClientID,
    client_secret: oauth.ClientParameters.ClientSecret,
  });
  for (const { Key, Value = "" } of BodyParameters) form.set(Key, Value);
  for (const { Key, Value = "" } of QueryStringParameters) url.searchParams.set(Key, Value);
  if (oauth.HttpMethod === "GET") for (const [key, value] of form) url.searchParams.set(key, value);
  const headers = new Headers(HeaderParameters.map(({ Key, Value = "" }): [string, string] => [Key, Value]));
  const response = await fetch(url, {
    method: oauth.HttpMethod,
    headers,
    ...(oauth.HttpMethod === "GET" ? {} : { body: form }),
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const token = Token.safeParse(response.ok ? await response.json() : undefined);
  if (token.success) return token.data;
  throw new AwsError(
    "AuthorizationError",
    `the authorization endpoint of connection ${name} answered ${response.status} and gave no access_token`,
    { status: response.status >= 500 ? 503 : 400 },
  );
}

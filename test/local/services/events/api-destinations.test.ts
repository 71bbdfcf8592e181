import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  CreateApiDestinationCommand,
  CreateConnectionCommand,
  type CreateConnectionCommandInput,
  DeauthorizeConnectionCommand,
  DescribeApiDestinationCommand,
  DescribeConnectionCommand,
  ListApiDestinationsCommand,
  type Target,
  UpdateApiDestinationCommand,
} from "@aws-sdk/client-eventbridge";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type OpenBus, openBus, queueArn, ROLE } from "./open-bus.ts";

interface Call {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

let open: OpenBus;
let server: Server;
let origin: string;
let deadUrl: string;
const calls: Call[] = [];
/** Statuses of the next answers; 200 when there are none. */
const answers: number[] = [];

beforeAll(async () => {
  open = await openBus();
  deadUrl = await open.makeQueue("dead");
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => {
      body += String(chunk);
    });
    request.on("end", () => {
      const { method, url, headers } = request;
      calls.push({ method, url, headers, body });
      if (url === "/token") response.end(JSON.stringify({ access_token: `t${calls.length}`, expires_in: 3600 }));
      else response.writeHead(answers.shift() ?? 200, { location: "http://example.com/" }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await open.close();
});

type Auth = Pick<CreateConnectionCommandInput, "AuthorizationType" | "AuthParameters">;
const apiKey: Auth = {
  AuthorizationType: "API_KEY",
  AuthParameters: { ApiKeyAuthParameters: { ApiKeyName: "x-key", ApiKeyValue: "secret-key" } },
};

const keyAndParameters: Auth = {
  ...apiKey,
  AuthParameters: {
    ...apiKey.AuthParameters,
    InvocationHttpParameters: {
      HeaderParameters: [{ Key: "x-tenant", Value: "connection" }],
      BodyParameters: [{ Key: "token", Value: "b", IsValueSecret: true }],
    },
  },
};

/** A rule whose target is a new API destination; gives the destination's ARN. */
async function destination(
  name: string,
  auth: Auth,
  endpoint = `${origin}/hook`,
  target: Partial<Target> = {},
  rate = 300,
) {
  const { ConnectionArn } = await open.bus.send(new CreateConnectionCommand({ Name: name, ...auth }));
  const { ApiDestinationArn } = await open.bus.send(
    new CreateApiDestinationCommand({
      Name: name,
      ConnectionArn,
      InvocationEndpoint: endpoint,
      HttpMethod: "POST",
      InvocationRateLimitPerSecond: rate,
    }),
  );
  const DeadLetterConfig = { Arn: queueArn("dead") };
  await open.rule(name, { source: [name] }, [
    { Id: "http", Arn: ApiDestinationArn, RoleArn: ROLE, InputPath: "$.detail", DeadLetterConfig, ...target },
  ]);
  return ApiDestinationArn ?? "";
}

const put = (name: string, detail: object = {}) => open.put(detail, { Source: name });

async function nextCall(): Promise<Call> {
  await open.clock.until(() => calls.length > 0);
  return calls.shift() as Call;
}

describe("an API destination", () => {
  it("is called with the connection's key, its own parameters and values of the event", async () => {
    const HttpParameters = {
      PathParameterValues: ["$.detail.order"],
      HeaderParameters: { "x-tenant": "target", "x-kind": "$.detail-type" },
      QueryStringParameters: { from: "bus" },
    };
    await destination("keyed", keyAndParameters, `${origin}/orders/*`, { HttpParameters });
    await put("keyed", { order: "o 1" });
    const { method, url, headers, body } = await nextCall();
    expect({ method, url }).toEqual({ method: "POST", url: "/orders/o%201?from=bus" });
    expect(headers).toMatchObject({
      "x-key": "secret-key",
      "x-tenant": "connection",
      "x-kind": "Order Placed",
      "user-agent": "Amazon/EventBridge/ApiDestinations",
    });
    expect(JSON.parse(body)).toEqual({ order: "o 1", token: "b" });
  });

  it("is called with a user's name and password", async () => {
    const BasicAuthParameters = { Username: "u", Password: "p" };
    await destination("basic", { AuthorizationType: "BASIC", AuthParameters: { BasicAuthParameters } });
    await put("basic");
    expect((await nextCall()).headers.authorization).toBe(`Basic ${Buffer.from("u:p").toString("base64")}`);
  });

  it("is called with a token that is fetched once, and anew when it is refused", async () => {
    const ClientParameters = { ClientID: "id", ClientSecret: "s" };
    const OAuthParameters = { ClientParameters, AuthorizationEndpoint: `${origin}/token`, HttpMethod: "POST" as const };
    await destination("oauth", { AuthorizationType: "OAUTH_CLIENT_CREDENTIALS", AuthParameters: { OAuthParameters } });
    await put("oauth");
    const asked = await nextCall();
    expect(Object.fromEntries(new URLSearchParams(asked.body))).toEqual({
      grant_type: "client_credentials",
      client_id: "id",
      client_secret: "s",
    });
    expect((await nextCall()).headers.authorization).toMatch(/^Bearer t/);
    answers.push(401);
    await put("oauth");
    expect((await nextCall()).url).toBe("/hook");
    expect((await nextCall()).url).toBe("/token");
    expect((await nextCall()).url).toBe("/hook");
  });

  it("is called again after 429 and 5xx, and not after another 4xx or a redirect", async () => {
    await destination("flaky", apiKey);
    answers.push(429, 503, 404);
    const id = await put("flaky");
    for (let call = 0; call < 3; call++) await nextCall();
    const { Body = "", MessageAttributes } = await open.message(deadUrl);
    expect(JSON.parse(Body).id).toBe(id);
    expect(MessageAttributes).toMatchObject({
      RETRY_ATTEMPTS: { StringValue: "2" },
      ERROR_MESSAGE: { StringValue: "API destination flaky answered 404 Not Found" },
    });
    answers.push(302);
    await put("flaky");
    await nextCall();
    expect((await open.message(deadUrl)).MessageAttributes?.ERROR_MESSAGE?.StringValue).toContain("302");
  });

  it("elsewhere than on loopback is never called, and says so", async () => {
    await destination("far", apiKey, "https://example.com/hook");
    await put("far");
    const { MessageAttributes } = await open.message(deadUrl);
    expect(MessageAttributes?.ERROR_MESSAGE?.StringValue).toContain("a home calls loopback hosts only");
    expect(MessageAttributes?.RETRY_ATTEMPTS?.StringValue).toBe("0");
  });

  it("is called no more often than its rate, and loses nothing", async () => {
    await destination("slow", apiKey, undefined, {}, 2);
    for (const order of [1, 2, 3, 4, 5]) await put("slow", { order });
    await open.clock.until(() => calls.length === 2, 0);
    open.clock.advance(400);
    expect(calls).toHaveLength(2);
    await open.clock.until(() => calls.length === 5, 500);
    expect(
      calls
        .splice(0)
        .map(({ body }) => JSON.parse(body).order)
        .sort(),
    ).toEqual([1, 2, 3, 4, 5]);
  });

  it("rests while its connection is deauthorized", async () => {
    await destination("resting", apiKey);
    await open.bus.send(new DeauthorizeConnectionCommand({ Name: "resting" }));
    const described = await open.bus.send(new DescribeApiDestinationCommand({ Name: "resting" }));
    expect(described).toMatchObject({ ApiDestinationState: "INACTIVE", HttpMethod: "POST" });
    await put("resting");
    expect((await open.message(deadUrl)).MessageAttributes?.ERROR_MESSAGE?.StringValue).toContain("DEAUTHORIZED");
  });

  it("shows no secret", async () => {
    await open.bus.send(new CreateConnectionCommand({ Name: "shown", ...keyAndParameters }));
    const shown = await open.bus.send(new DescribeConnectionCommand({ Name: "shown" }));
    expect(shown.AuthParameters).toEqual({
      ApiKeyAuthParameters: { ApiKeyName: "x-key" },
      InvocationHttpParameters: {
        HeaderParameters: [{ Key: "x-tenant", Value: "connection" }],
        BodyParameters: [{ Key: "token", IsValueSecret: true }],
      },
    });
    expect(JSON.stringify(shown)).not.toContain("secret-key");
  });

  it("is refused with words, and changed in part", async () => {
    const { bus } = open;
    const Name = "new";
    await expect(
      bus.send(new CreateConnectionCommand({ Name, ...apiKey, AuthorizationType: "BASIC" })),
    ).rejects.toThrow("AuthorizationType BASIC needs BasicAuthParameters");
    await destination("changed", apiKey);
    const { ConnectionArn } = await bus.send(new DescribeConnectionCommand({ Name: "changed" }));
    const input = { Name, ConnectionArn, HttpMethod: "POST" as const, InvocationEndpoint: `${origin}/` };
    await expect(
      bus.send(new CreateApiDestinationCommand({ ...input, ConnectionArn: `${ConnectionArn}x` })),
    ).rejects.toThrow(expect.objectContaining({ name: "ResourceNotFoundException" }));
    await expect(
      bus.send(new CreateApiDestinationCommand({ ...input, InvocationEndpoint: "ftp://x" })),
    ).rejects.toThrow("InvocationEndpoint is not valid");
    await bus.send(new UpdateApiDestinationCommand({ Name: "changed", HttpMethod: "PUT" }));
    const { ApiDestinations } = await bus.send(new ListApiDestinationsCommand({ ConnectionArn }));
    expect(ApiDestinations).toMatchObject([
      { Name: "changed", HttpMethod: "PUT", InvocationEndpoint: `${origin}/hook` },
    ]);
  });
});

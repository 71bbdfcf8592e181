/** Bytes on a connection to the endpoint, for what no HTTP client would send. */
import { connect, type Socket } from "node:net";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import type { Home } from "../../../local/home.ts";

export interface SignedRequest {
  headers: Record<string, string>;
  body: string;
}

/** StartExecution as the SDK signs it, not sent. */
export async function signedStart(home: Home, input = "{}"): Promise<SignedRequest> {
  const client = new SFNClient(home.clientConfig());
  const caught: SignedRequest[] = [];
  client.middlewareStack.addRelativeTo(
    <Args extends { request: unknown }, Result>(_next: (args: Args) => Result) =>
      (args: Args): Result => {
        const { headers, body } = Object(args.request);
        caught.push({ headers, body: Buffer.from(body).toString() });
        throw new Error("caught instead of sent");
      },
    { relation: "after", toMiddleware: "httpSigningMiddleware", name: "catch" },
  );
  await client.send(new StartExecutionCommand({ stateMachineArn: "arn:m", input })).catch(() => undefined);
  const [request] = caught;
  if (request === undefined) throw new Error("StartExecution was not signed");
  return request;
}

/** A request's bytes; `headers` are added or replace. */
export function written(request: SignedRequest, headers: Record<string, string> = {}, version = "1.1"): string {
  const lines = Object.entries({ ...request.headers, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST / HTTP/${version}\r\n${lines.join("")}\r\n${request.body}`;
}

export async function open(home: Home): Promise<Socket> {
  const socket = connect(Number(new URL(home.endpoint).port), "127.0.0.1");
  socket.on("error", () => undefined);
  await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("error", reject));
  return socket;
}

/** What comes back until `enough` is seen in it or the home closes the connection. */
export async function answerTo(home: Home, bytes: string | Buffer, enough = /(?!)/): Promise<string> {
  const socket = await open(home);
  let answer = "";
  const ended = new Promise<void>((resolve) => {
    socket.on("close", () => resolve());
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
      if (enough.test(answer)) resolve();
    });
  });
  socket.write(bytes);
  await ended;
  socket.destroy();
  return answer;
}

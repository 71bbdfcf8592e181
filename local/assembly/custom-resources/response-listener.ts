/**
 * Where a custom resource's function answers: a URL that takes one PUT, as CloudFormation's presigned one does.
 * Functions speak https to it, and leave a port out; in a home's functions such a host leads to this listener (see
 * local/runtime/lambda/response-host.ts), whose port is part of the name.
 */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import { z } from "zod";
import { listenOnLoopback } from "../../loopback.ts";

const Answer = z.looseObject({
  Status: z.enum(["SUCCESS", "FAILED"]),
  Reason: z.string().optional(),
  PhysicalResourceId: z.string().optional(),
  Data: z.record(z.string(), z.unknown()).nullish(),
});
export type Answer = z.infer<typeof Answer>;

export interface ResponseListener {
  url: string;
  /** Resolves with what is put. Rejects where that is no answer. */
  answered: Promise<Answer>;
  close(): void;
}

/** CloudFormation's own limit. */
const MOST_BYTES = 4096;

export async function listenForResponse(): Promise<ResponseListener> {
  const path = `/${randomBytes(16).toString("hex")}`;
  const { promise: answered, resolve, reject } = Promise.withResolvers<Answer>();
  const server = createServer((request, response) => {
    if (request.method !== "PUT" || request.url?.split("?")[0] !== path) {
      response.writeHead(403).end();
      return;
    }
    readAnswer(request).then(
      (answer) => {
        response.writeHead(200).end();
        resolve(answer);
      },
      (thrown) => {
        response.writeHead(400).end();
        reject(thrown);
      },
    );
  });
  const port = await listenOnLoopback(server);
  return {
    url: `https://cloudformation-custom-resource-response-${port}.localhost${path}`,
    answered,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

async function readAnswer(request: IncomingMessage): Promise<Answer> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += String(chunk);
    if (Buffer.byteLength(text) > MOST_BYTES)
      throw new Error(`Response object is too long: more than ${MOST_BYTES} bytes`);
  }
  const parsed = Answer.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  throw new Error(`Invalid response object: ${z.prettifyError(parsed.error)}`);
}

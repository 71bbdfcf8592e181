import type { Socket } from "node:net";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Home, openHome } from "../../../local/home.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { standInStates } from "../stand-in-services.ts";
import { answerTo, open, signedStart, written } from "./raw-connection.ts";

const states = standInStates({
  authorize: () => [],
  handle: (input) => ({ executionArn: `arn:${input.input}`, startDate: new Date(0) }),
});

const directory = temporaryFolder("connections");
const logged: string[] = [];
let home: Home;
let opened: Socket[] = [];
beforeAll(async () => {
  home = await openHome({ directory, services: [states], log: (_level, message) => logged.push(message) });
});
afterEach(async () => {
  for (const socket of opened) socket.destroy();
  opened = [];
  // Whatever a connection did, the home serves the next one, and what clients do wrong is no error of its own.
  const client = new SFNClient(home.clientConfig());
  await expect(client.send(new StartExecutionCommand({ stateMachineArn: "arn:m", input: "1" }))).resolves.toMatchObject(
    {
      executionArn: "arn:1",
    },
  );
  client.destroy();
  expect(logged).toEqual([]);
});
afterAll(() => home.close());

const CLOSE = { connection: "close" };
const CHUNKED = { "transfer-encoding": "chunked" };

async function unsized(body: string): Promise<{ headers: Record<string, string>; body: string }> {
  const { "content-length": _length, ...headers } = (await signedStart(home)).headers;
  return { headers: { ...headers, ...CHUNKED }, body };
}

describe("a connection no client library would make", () => {
  it("does not keep others waiting, 2,000 of them idle or sending byte by byte", async () => {
    const request = await signedStart(home);
    for (let made = 0; made < 2000; made += 100)
      opened.push(...(await Promise.all(Array.from({ length: 100 }, () => open(home)))));
    for (const socket of opened.slice(0, 100)) socket.write("POST / HTTP/1.1\r\nhost: 127.0");
    for (const socket of opened.slice(100, 200)) socket.write(written(request).slice(0, -1));
    expect(await answerTo(home, written(request, CLOSE))).toContain("200 OK");
    const finished = opened[100];
    const answered = new Promise<Buffer>((resolve) => finished?.once("data", resolve));
    finished?.write(request.body.slice(-1));
    expect(String(await answered)).toContain("200 OK");
  });

  it("gets an answer to each pipelined request, in their order", async () => {
    const requests = await Promise.all(["1", "2", "3"].map((input) => signedStart(home, input)));
    const last = requests.length - 1;
    const bytes = requests.map((request, index) => written(request, index === last ? CLOSE : {})).join("");
    expect((await answerTo(home, bytes)).match(/arn:\d/g)).toEqual(["arn:1", "arn:2", "arn:3"]);
  });

  it("is answered in HTTP/1.0", async () => {
    expect(await answerTo(home, written(await signedStart(home), {}, "1.0"))).toMatch(/200 OK.*arn:\{\}/s);
  });

  it.each<[string, () => Promise<string>, RegExp]>([
    ["two lengths", async () => written(await signedStart(home), { "Content-Length": "5" }), /^HTTP\/1.1 400 /],
    [
      "a length below zero",
      async () => written(await signedStart(home), { "content-length": "-1" }),
      /^HTTP\/1.1 400 /,
    ],
    ["a length and chunks", async () => written(await signedStart(home), CHUNKED), /^HTTP\/1.1 400 /],
    ["a length too short", async () => written(await signedStart(home), { "content-length": "2" }), /HTTP\/1.1 400 /],
    ["chunks of garbage", async () => written(await unsized("zz\r\nhello\r\n")), /^HTTP\/1.1 400 /],
    ["a chunk extension without end", async () => written(await unsized(`2;${"a".repeat(1e5)}`)), /^HTTP\/1.1 413 /],
    [
      "a header of 70,000 bytes",
      async () => written(await signedStart(home), { a: "a".repeat(7e4) }),
      /^HTTP\/1.1 431 /,
    ],
    ["an expectation nobody meets", async () => written(await signedStart(home), { expect: "b", ...CLOSE }), / 417 /],
    ["no HTTP at all", async () => "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", /^HTTP\/1.1 400 /],
    ["HTTP/2", async () => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", /^HTTP\/1.1 400 /],
    ["a tunnel", async () => "CONNECT a:80 HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n", /^$/],
  ])("is refused and closed with %s", async (_what, bytes, answer) => {
    expect(await answerTo(home, await bytes())).toMatch(answer);
  });

  it("is refused a body over the limit before the body has come, by its length or by its bytes", async () => {
    const request = await signedStart(home, "a".repeat(26 * 1024 * 1024));
    const head = written({ ...request, body: "" });
    const tooLarge = /413 Payload Too Large.*RequestEntityTooLargeException/s;
    expect(await answerTo(home, head, tooLarge)).toMatch(tooLarge);
    const { "content-length": _length, ...headers } = request.headers;
    const chunk = `${(1 << 24).toString(16)}\r\n${"a".repeat(1 << 24)}\r\n`;
    const chunked = written({ headers: { ...headers, ...CHUNKED }, body: chunk.repeat(3) });
    expect(await answerTo(home, chunked, tooLarge)).toMatch(tooLarge);
  });

  it("is cut off when it sends on and on after it was refused", async () => {
    const socket = await open(home);
    opened.push(socket);
    const closed = new Promise<void>((resolve) => socket.once("close", () => resolve()));
    let answer = "";
    socket.on("data", (chunk) => {
      answer += chunk.toString("latin1");
    });
    socket.write(`PUT /b/k HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: ${2 ** 45}\r\n\r\n`);
    const zeros = Buffer.alloc(1024 * 1024);
    const more = () => {
      while (!socket.destroyed && socket.write(zeros));
    };
    socket.on("drain", more);
    more();
    await closed;
    expect(answer).toContain("Request is missing Authentication Token");
  });
});

describe("a client that waits before it sends its body", () => {
  const EXPECT = { expect: "100-continue" };

  it("is told to go on when its request may be good", async () => {
    const request = await signedStart(home);
    const answer = await answerTo(home, written(request, { ...EXPECT, ...CLOSE }));
    expect(answer).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200 OK/);
  });

  it("is refused without sending it, and its connection closed, when the request is not", async () => {
    const { headers } = await signedStart(home);
    const unknown = { ...headers, authorization: (headers.authorization ?? "").replace(/=\w+/, "=AKIAX") };
    const answer = await answerTo(home, written({ headers: unknown, body: "" }, EXPECT));
    expect(answer).toMatch(/^HTTP\/1.1 403 Forbidden.*UnrecognizedClientException/s);
    const huge = await signedStart(home, "a".repeat(26 * 1024 * 1024));
    expect(await answerTo(home, written({ ...huge, body: "" }, EXPECT))).toMatch(/^HTTP\/1.1 413 /);
  });
});

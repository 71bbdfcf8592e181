import { writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { CreateQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { beforeEach, describe, expect, it } from "vitest";
import { type HomeOptions, openHome } from "../../local/home.ts";
import { sqs } from "../../local/services/sqs/index.ts";
import { temporaryFolder } from "../temporary-folder.ts";

describe("a home opened again", () => {
  let directory: string;
  let warnings: string[];
  const open = (options: Partial<HomeOptions> = {}) =>
    openHome({ directory, services: [sqs], log: (_level, message) => void warnings.push(message), ...options });
  /** Opens the home, and closes it after the work. */
  async function inHome<T>(work: (home: Awaited<ReturnType<typeof open>>) => Promise<T>, port?: number): Promise<T> {
    const home = await open(port === undefined ? {} : { port });
    await home.start();
    try {
      return await work(home);
    } finally {
      await home.close();
    }
  }
  const endpointOf = (port?: number) => inHome(async ({ endpoint }) => endpoint, port);

  beforeEach(() => {
    directory = temporaryFolder("port");
    warnings = [];
  });

  it("answers where it did, so that a queue's URL still leads to the queue", async () => {
    const url = await inHome(async (home) => {
      const made = await new SQSClient(home.clientConfig()).send(new CreateQueueCommand({ QueueName: "jobs" }));
      return made.QueueUrl ?? "";
    });
    const sent = await inHome(async (home) => {
      // As a function has it: the URL's own host is asked, whatever endpoint the client has.
      const client = new SQSClient({ ...home.clientConfig(), endpoint: new URL(url).origin });
      return client.send(new SendMessageCommand({ QueueUrl: url, MessageBody: "one" }));
    });
    expect(sent.MessageId).toBeDefined();
  });

  it("answers elsewhere when another has that port meanwhile, and says so", async () => {
    const before = await endpointOf();
    const other = createServer();
    await new Promise<void>((done) => other.listen(Number(new URL(before).port), "127.0.0.1", done));
    try {
      expect(await endpointOf()).not.toBe(before);
      expect(warnings).toEqual([expect.stringContaining(`port ${new URL(before).port}`)]);
    } finally {
      other.close();
    }
  });

  it("takes the port it is given before the one it had", async () => {
    const before = await endpointOf();
    expect(await endpointOf(0)).not.toBe(before);
    expect(warnings).toEqual([]);
  });

  it.each(["", "many", "0", "70000"])("takes any port where its note of the last one is %o", async (note) => {
    writeFileSync(join(directory, "port"), note);
    expect(await endpointOf()).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });
});

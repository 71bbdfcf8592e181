import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateCrawlerCommand, CreateDatabaseCommand, StartCrawlerCommand } from "@aws-sdk/client-glue";
import { describe, expect, it, vi } from "vitest";
import { defineService } from "../../../../local/define-service.ts";
import { events } from "../../../../local/services/events/index.ts";
import { glue } from "../../../../local/services/glue/index.ts";
import { s3 } from "../../../../local/services/s3/index.ts";
import { openCatalog } from "./open-catalog.ts";

const functionArn = (name: string) => `arn:aws:lambda:us-east-1:000000000000:function:${name}`;

describe("a crawl that starts", () => {
  it("makes the functions ready that its end will come to", async () => {
    const ready: string[] = [];
    const services = [s3, glue, events, notingLambda(ready)];
    const { home, client, close } = await openCatalog(undefined, { services, prepare: true });
    const bus = new EventBridgeClient(home.clientConfig());
    const rule = async (Name: string, State: "ENABLED" | "DISABLED", pattern: object, ...Arns: string[]) => {
      await bus.send(new PutRuleCommand({ Name, State, EventPattern: JSON.stringify(pattern) }));
      await bus.send(new PutTargetsCommand({ Rule: Name, Targets: Arns.map((Arn, at) => ({ Id: String(at), Arn })) }));
    };
    const ends = { source: ["aws.glue"], "detail-type": ["Glue Crawler State Change"] };
    const queue = "arn:aws:sqs:us-east-1:000000000000:q";
    await rule("ends", "ENABLED", { ...ends, detail: { state: ["Succeeded"] } }, functionArn("complete"), queue);
    await rule("others", "ENABLED", { "detail-type": ["Object Created"] }, functionArn("other"));
    await rule("every", "ENABLED", { source: ["aws.glue"] }, functionArn("every"));
    await rule("off", "DISABLED", ends, functionArn("off"));
    await client.send(new CreateDatabaseCommand({ DatabaseInput: { Name: "db" } }));
    const Targets = { S3Targets: [{ Path: "s3://products/" }] };
    const Role = "arn:aws:iam::000000000000:role/crawler";
    await client.send(new CreateCrawlerCommand({ Name: "crawler", Role, DatabaseName: "db", Targets }));
    expect(ready).toEqual([]);
    await client.send(new StartCrawlerCommand({ Name: "crawler" }));
    await vi.waitFor(() => expect(ready).toEqual([functionArn("complete")]));
    bus.destroy();
    await close();
  });
});

const notingLambda = (ready: string[]) =>
  defineService<typeof import("@aws-sdk/client-lambda")>({
    name: "lambda",
    signingName: "lambda",
    iamPrefix: "lambda",
    sdk: () => import("@aws-sdk/client-lambda"),
    create(home) {
      home.onForeseen("lambda", async (name) => ready.push(name));
      return { operations: {} };
    },
  });

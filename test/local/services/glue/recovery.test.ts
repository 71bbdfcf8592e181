import { describe, expect, it } from "vitest";
import { type DeliveredEvent, defineService } from "../../../../local/define-service.ts";
import { type Home, openHome } from "../../../../local/index.ts";
import { glue } from "../../../../local/services/glue/index.ts";
import { s3 } from "../../../../local/services/s3/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

const directory = temporaryFolder("glue-recovery");

/** An S3 whose listing never answers: the crawl is in flight for as long as the home lives. */
const stuckS3 = defineService<typeof import("@aws-sdk/client-s3")>({
  name: "s3",
  signingName: "s3",
  iamPrefix: "s3",
  sdk: () => import("@aws-sdk/client-s3"),
  create: () => ({
    operations: { ListObjectsV2: { handle: () => new Promise<never>(() => undefined) } },
  }),
});

describe("a crawl in flight when the home ends", () => {
  it("runs again at the next start, under its id, and ends with one event", async () => {
    const before = await open(stuckS3);
    await call(before, "glue", "CreateDatabase", { DatabaseInput: { Name: "d" } });
    await call(before, "glue", "CreateCrawler", {
      Name: "c",
      Role: "crawler",
      DatabaseName: "d",
      Targets: { S3Targets: [{ Path: "s3://data/t" }] },
    });
    await call(before, "glue", "StartCrawler", { Name: "c" });
    await before.close();

    const after = await open(s3);
    const ended = Promise.withResolvers<DeliveredEvent>();
    after.ports.listen((event) => event["detail-type"] === "Glue Crawler State Change" && ended.resolve(event));
    await call(after, "s3", "CreateBucket", { Bucket: "data" });
    await after.start();
    expect((await ended.promise).detail).toMatchObject({ crawlerName: "c", state: "Succeeded" });
    expect(await call(after, "glue", "ListCrawls", { CrawlerName: "c" })).toMatchObject({
      Crawls: [{ State: "COMPLETED" }],
    });
    await after.close();
  });
});

async function open(s3Service: typeof s3 | typeof stuckS3): Promise<Home> {
  const home = await openHome({ directory, services: [s3Service, glue] });
  const document = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
  home.ports.policies.setRoleSource((roleArn) => ({ roleArn, policies: [{ name: "all", document }], trust: {} }));
  return home;
}

function call({ ports }: Home, service: string, operation: string, input: object): Promise<unknown> {
  return ports.call(service, operation, input, { kind: "home", accountId: ports.accountId });
}

/** A home with Glue and S3 in a folder of its own, and real clients to it. */
import { GetCrawlerCommand, GlueClient, StartCrawlerCommand } from "@aws-sdk/client-glue";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { DeliveredEvent } from "../../../../local/define-service.ts";
import { type Home, type HomeOptions, openHome } from "../../../../local/index.ts";
import { glue } from "../../../../local/services/glue/index.ts";
import { s3 } from "../../../../local/services/s3/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

export interface OpenCatalog {
  home: Home;
  client: GlueClient;
  s3: S3Client;
  events: DeliveredEvent[];
  put(bucket: string, key: string, body: string | Uint8Array): Promise<void>;
  /** Starts the crawler and resolves with the event that ends the crawl. */
  crawl(name: string): Promise<DeliveredEvent>;
  close(): Promise<void>;
}

/** The role "crawler" may do everything, unless `policies` says otherwise. */
export async function openCatalog(
  policies: object[] = [allow("*", "*")],
  options: Partial<HomeOptions> = {},
): Promise<OpenCatalog> {
  const directory = temporaryFolder("glue");
  const home = await openHome({ directory, services: [s3, glue], ...options });
  home.ports.policies.setRoleSource((roleArn) => ({
    roleArn,
    policies: policies.map((document, index) => ({ name: `p${index}`, document })),
    trust: {},
  }));
  await home.start();
  const client = new GlueClient(home.clientConfig());
  const s3Client = new S3Client(home.clientConfig());
  const events: DeliveredEvent[] = [];
  const ended = (event: DeliveredEvent) =>
    event["detail-type"] === "Glue Crawler State Change" && !JSON.stringify(event.detail).includes('"Started"');
  home.ports.listen((event) => events.push(event));
  await s3Client.send(new CreateBucketCommand({ Bucket: "products" }));
  return {
    home,
    client,
    s3: s3Client,
    events,
    async put(Bucket, Key, Body) {
      await s3Client.send(new PutObjectCommand({ Bucket, Key, Body }));
    },
    async crawl(name) {
      const end = Promise.withResolvers<DeliveredEvent>();
      const stop = home.ports.listen((event) => ended(event) && end.resolve(event));
      await client.send(new StartCrawlerCommand({ Name: name }));
      const event = await end.promise;
      stop();
      await client.send(new GetCrawlerCommand({ Name: name }));
      return event;
    },
    async close() {
      client.destroy();
      s3Client.destroy();
      await home.close();
    },
  };
}

export function allow(action: string | string[], resource: string | string[]): object {
  return { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: action, Resource: resource }] };
}

/**
 * A process for a test to kill: a home whose only target never answers. Puts one event and says so once it is acknowledged.
 * Usage: put-and-hang.ts DIRECTORY
 */
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { openHome } from "../../../../local/home.ts";
import { events } from "../../../../local/services/events/index.ts";
import { standInLambda } from "../../stand-in-services.ts";

const lambda = standInLambda({ authorize: () => [], handle: () => new Promise(() => undefined) });

const home = await openHome({ directory: process.argv[2] ?? "", services: [events, lambda] });
await home.start();
const client = new EventBridgeClient(home.clientConfig());
await client.send(new PutRuleCommand({ Name: "all", EventPattern: '{"source":["shop"]}' }));
const Arn = "arn:aws:lambda:us-east-1:000000000000:function:hang";
await client.send(new PutTargetsCommand({ Rule: "all", Targets: [{ Id: "hang", Arn }] }));
const Entries = [{ Source: "shop", DetailType: "t", Detail: '{"order":"survives"}' }];
const { Entries: [taken] = [] } = await client.send(new PutEventsCommand({ Entries }));
process.stdout.write(`acknowledged ${taken?.EventId}\n`);

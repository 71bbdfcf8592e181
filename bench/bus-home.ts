/**
 * A home of its own process for the bus bench: the bus, Step Functions, IAM, and a Lambda that answers at once, counting.
 * Started with an IPC channel: says where it listens, and how many deliveries it has made whenever it is asked.
 * Usage: bus-home.ts DIRECTORY
 */
import { openHome } from "../local/home.ts";
import { events } from "../local/services/events/index.ts";
import { iam } from "../local/services/iam/index.ts";
import { states } from "../local/services/states/index.ts";
import { standInLambda } from "../test/local/stand-in-services.ts";

let delivered = 0;

const lambda = standInLambda({
  authorize: () => [],
  handle() {
    delivered++;
    return { StatusCode: 202 };
  },
});

const home = await openHome({ directory: process.argv[2] ?? "", services: [events, states, iam, lambda] });
await home.start();
process.on("message", () => process.send?.({ delivered, cpuMs: cpuMs(), residentMb: residentMb() }));
process.on("disconnect", () => void home.close().then(() => process.exit(0)));
process.send?.({ config: home.clientConfig() });

function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function residentMb(): number {
  return Math.round(process.memoryUsage().rss / 2 ** 20);
}

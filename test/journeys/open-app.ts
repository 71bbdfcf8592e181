/** The whole app in a home of this process, for journeys that speak to it by AWS clients alone. */
import { CloudWatchLogsClient, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, paginateListExecutions, SFNClient } from "@aws-sdk/client-sfn";
import { vi } from "vitest";
import { z } from "zod";
import { applyAssembly } from "../../local/assembly/index.ts";
import { type Home, openHome } from "../../local/home.ts";
import { testAssembly } from "../infra/assembly.ts";
import { temporaryFolder } from "../temporary-folder.ts";

export interface Execution {
  arn: string;
  name: string;
  status: string;
  input: Record<string, unknown>;
  output: Record<string, unknown>;
}

export interface App {
  home: Home;
  sfn: SFNClient;
  s3: S3Client;
  /** Publishes as a producer without the command: lands the file, has it curated. @returns the data version */
  publish(file: string): Promise<string>;
  /** Writes rows of the product anew, its first `more` rows twice: another version of the same distribution. */
  rewriteProduct(more: number): Promise<void>;
  /** Executions of a workflow, the oldest first. */
  executions(machine: string): Promise<Execution[]>;
  /** Waits until `count` executions of data-product-update are there and ended. @returns them, the oldest first */
  ended(count: number): Promise<Execution[]>;
  /** Lines of a function's log. */
  logged(handler: string): Promise<string[]>;
  close(): Promise<void>;
}

const LANDING = "tidemill-landing-000000000000-us-east-1";
const PRODUCT = { Bucket: "credit-card-000000000000-us-east-1", Key: "credit_card/credit_card.csv" };
const POLL_MS = 100;
const LONGEST_WAIT_MS = 600_000;
const Curated = z.looseObject({ accepted: z.literal(true), dataVersion: z.string() });

export const machineArn = (name: string): string => `arn:aws:states:us-east-1:000000000000:stateMachine:${name}`;

/** Asks until there is an answer; a test's own limit is shorter. */
export const until = <T>(ask: () => Promise<T | undefined>) =>
  vi.waitUntil(ask, { timeout: LONGEST_WAIT_MS, interval: POLL_MS });

export async function openApp(): Promise<App> {
  const directory = temporaryFolder("app");
  const home = await openHome({ directory });
  await applyAssembly({ directory: await testAssembly(), home: home.ports, resourceTypes: home.resourceTypes });
  await home.start();
  const config = home.clientConfig();
  const [sfn, s3] = [new SFNClient(config), new S3Client(config)];
  const executions = (machine: string) => executionsOf(sfn, machine);
  return {
    home,
    sfn,
    s3,
    executions,
    async publish(file) {
      const Key = "incoming/credit-card/published.asc";
      await s3.send(new PutObjectCommand({ Bucket: LANDING, Key, Body: file }));
      const Payload = JSON.stringify({ product: "credit-card", bucket: LANDING, keys: [Key] });
      const curate = new InvokeCommand({ FunctionName: "tidemill-curate-product", Payload });
      const answer = await new LambdaClient(config).send(curate);
      return Curated.parse(JSON.parse(Buffer.from(answer.Payload ?? []).toString("utf8"))).dataVersion;
    },
    async rewriteProduct(more) {
      const csv = (await (await s3.send(new GetObjectCommand(PRODUCT))).Body?.transformToString()) ?? "";
      const rows = csv.split("\n").slice(1, 1 + more);
      await s3.send(new PutObjectCommand({ ...PRODUCT, Body: `${csv}${rows.join("\n")}\n` }));
    },
    ended: (count) =>
      until(async () => {
        const found = await executions("data-product-update");
        return found.length >= count && found.every(({ status }) => status !== "RUNNING") ? found : undefined;
      }),
    async logged(handler) {
      const lines: string[] = [];
      const group = { logGroupName: `/aws/lambda/tidemill-${handler}` };
      for await (const { events = [] } of paginateFilterLogEvents({ client: new CloudWatchLogsClient(config) }, group))
        lines.push(...events.map(({ message = "" }) => message));
      return lines;
    },
    close: () => home.close(),
  };
}

async function executionsOf(sfn: SFNClient, machine: string): Promise<Execution[]> {
  const found: Execution[] = [];
  for await (const page of paginateListExecutions({ client: sfn }, { stateMachineArn: machineArn(machine) })) {
    for (const { executionArn } of page.executions ?? []) {
      const one = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      const { name = "", status = "", input = "{}", output = "{}" } = one;
      found.push({ arn: executionArn ?? "", name, status, input: JSON.parse(input), output: JSON.parse(output) });
    }
  }
  return found.reverse();
}

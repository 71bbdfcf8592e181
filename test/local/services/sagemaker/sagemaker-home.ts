/** A home with S3 and SageMaker, a role the jobs take, and an Athena that answers every query with one file. */
import { fileURLToPath } from "node:url";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { S3Client } from "@aws-sdk/client-s3";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import type { Clock } from "../../../../local/clock.ts";
import { type DeliveredEvent, defineService, type ServiceDefinition } from "../../../../local/define-service.ts";
import { type ApplyResult, applyAssembly, openHome } from "../../../../local/index.ts";
import { cloudwatch } from "../../../../local/services/cloudwatch/index.ts";
import { s3 } from "../../../../local/services/s3/index.ts";
import { sagemaker } from "../../../../local/services/sagemaker/index.ts";
import { sagemakerRuntime } from "../../../../local/services/sagemaker-runtime/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { writeAssembly } from "../../assembly/sample-assembly.ts";
import { followClock } from "../../manual-clock.ts";

export const ROLE = "arn:aws:iam::000000000000:role/jobs";
export const BUCKET = "artifacts";

process.env.TIDEMILL_ENVIRONMENTS ??= fileURLToPath(
  new URL("../../../../node_modules/.cache/tidemill/environments", import.meta.url),
);

export interface SagemakerHome {
  sagemaker: SageMakerClient;
  runtime: SageMakerRuntimeClient;
  s3: S3Client;
  cloudwatch: CloudWatchClient;
  directory: string;
  /** Puts a stack of these resources up. */
  up(Resources: Record<string, unknown>): Promise<ApplyResult>;
  events: DeliveredEvent[];
  /** The next or an earlier event whose detail has these members. */
  event(detailType: string, detail: Record<string, unknown>): Promise<DeliveredEvent>;
  /** The same, of the events after the first `after`. */
  settled(after: number, detailType: string, detail: Record<string, unknown>): Promise<DeliveredEvent>;
  close(): Promise<void>;
}

/** @param directory an earlier home's, to open it again */
export async function openSagemakerHome(
  options: { directory?: string; athenaResult?: Uint8Array; policy?: object; clock?: Clock } = {},
): Promise<SagemakerHome> {
  const directory = options.directory ?? temporaryFolder("sagemaker");
  const services: ServiceDefinition[] = [s3, cloudwatch, sagemaker, sagemakerRuntime, athenaOf(options.athenaResult)];
  const home = await openHome({ directory, services, ...(options.clock && { clock: options.clock }) });
  const document = options.policy ?? {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
  };
  const trust = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "sagemaker.amazonaws.com" } }],
  };
  home.ports.policies.setRoleSource((roleArn) =>
    roleArn === ROLE ? { roleArn, policies: [{ name: "jobs", document }], trust } : undefined,
  );
  const events: DeliveredEvent[] = [];
  const waiting = new Set<() => void>();
  home.ports.listen((event) => {
    events.push(event);
    for (const wake of waiting) wake();
  });
  const heard = async (after: number, detailType: string, detail: Record<string, unknown>) => {
    const wanted = (event: DeliveredEvent) => event["detail-type"] === detailType && matches(event.detail, detail);
    for (;;) {
      const event = events.slice(after).find(wanted);
      if (event !== undefined) return event;
      await new Promise<void>((resolve) => {
        const wake = () => {
          waiting.delete(wake);
          resolve();
        };
        waiting.add(wake);
      });
    }
  };
  await home.start();
  const configuration = home.clientConfig();
  const clients = {
    sagemaker: new SageMakerClient(configuration),
    runtime: new SageMakerRuntimeClient(configuration),
    s3: new S3Client(configuration),
    cloudwatch: new CloudWatchClient(configuration),
  };
  if (options.clock !== undefined) for (const client of Object.values(clients)) followClock(client, options.clock);
  return {
    up: (Resources) =>
      applyAssembly({
        directory: writeAssembly({ app: { Resources } }),
        home: home.ports,
        resourceTypes: home.resourceTypes,
      }),
    ...clients,
    directory,
    events,
    event: (detailType, detail) => heard(0, detailType, detail),
    settled: heard,
    close: () => home.close(),
  };
}

function matches(detail: unknown, wanted: Record<string, unknown>): boolean {
  if (typeof detail !== "object" || detail === null) return false;
  return Object.entries(wanted).every(([name, value]) => Reflect.get(detail, name) === value);
}

function athenaOf(result: Uint8Array | undefined): ServiceDefinition {
  return defineService<typeof import("@aws-sdk/client-athena")>({
    name: "athena",
    signingName: "athena",
    iamPrefix: "athena",
    sdk: () => import("@aws-sdk/client-athena"),
    create: (home) => ({
      operations: {
        StartQueryExecution: {
          async handle({ QueryString = "" }, { principal }) {
            const [, bucket = "", prefix = ""] =
              /^UNLOAD \(SELECT .*\) TO 's3:\/\/([^/]+)\/(.*)' WITH \(format = 'PARQUET'\)$/s.exec(QueryString) ?? [];
            await home.call("s3", "PutObject", { Bucket: bucket, Key: `${prefix}part-0`, Body: result }, principal);
            return { QueryExecutionId: "query-1" };
          },
        },
        GetQueryExecution: {
          handle: () => ({ QueryExecution: { QueryExecutionId: "query-1", Status: { State: "SUCCEEDED" } } }),
        },
      },
    }),
  });
}

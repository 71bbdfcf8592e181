/**
 * What must hold after a home was killed at random moments of releases.
 *
 *   R1. Every release ended well, one for each approval that was answered.
 *   R2. The version approved last is served, by one process, and the endpoint answers.
 *   R3. No release is claimed any more, and no files of a deployment are left but those of the one that serves.
 *   R4. Each history is well formed: its events follow one another, and each state that was left was entered.
 */
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import {
  DescribeEndpointCommand,
  DescribeEndpointConfigCommand,
  DescribeModelCommand,
} from "@aws-sdk/client-sagemaker";
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";
import { paginateGetExecutionHistory } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";
import { type ReleaseStorm, releaseStorm } from "./release-storm.ts";
import { type Execution, executionsOf } from "./survivors.ts";

const EndpointName = "credit-risk";

/** Declares the tests of `kills` moments; TIDEMILL_SEED repeats a schedule, and every title names the one it has. */
export function describeReleaseKills(kills: number, timeoutMs: number): void {
  const seed = Number(process.env.TIDEMILL_SEED ?? Date.now() % 1_000_000);

  describe(`a home killed ${kills} times while it releases (TIDEMILL_SEED=${seed})`, { timeout: 60_000 }, () => {
    let home: string;
    let storm: ReleaseStorm;
    let releases: Execution[];
    const configOf = () => ({
      endpoint: storm.running.endpoint,
      region: storm.running.region,
      credentials: storm.clients.sagemaker.config.credentials,
    });

    beforeAll(async () => {
      home = join(temporaryFolder("release-kill"), "home");
      storm = await releaseStorm(home, seed, kills);
      releases = await executionsOf(storm.clients.sfn, "release-model");
    }, timeoutMs);
    afterAll(async () => {
      await storm?.running.stop();
      expect(servers(home)).toEqual([]);
    });

    it("R1: ends every release well, one for each approval", () => {
      expect(releases.filter(({ status }) => status !== "SUCCEEDED")).toEqual([]);
      expect(releases.length).toBeGreaterThanOrEqual(storm.approved.length);
      expect(releases.length).toBeLessThanOrEqual(storm.asked);
    });

    it("R2: serves the version approved last, by one process", async () => {
      const { sagemaker } = storm.clients;
      const endpoint = await sagemaker.send(new DescribeEndpointCommand({ EndpointName }));
      expect(endpoint.EndpointStatus).toBe("InService");
      const { EndpointConfigName } = endpoint;
      const { ProductionVariants } = await sagemaker.send(new DescribeEndpointConfigCommand({ EndpointConfigName }));
      const { ModelName } = ProductionVariants?.[0] ?? {};
      const { PrimaryContainer } = await sagemaker.send(new DescribeModelCommand({ ModelName }));
      expect(PrimaryContainer?.ModelPackageName).toBe(storm.approved.at(-1));
      const runtime = new SageMakerRuntimeClient(configOf());
      const request = { EndpointName, ContentType: "text/csv", Body: await firstCustomer(storm.clients.s3) };
      const { Body } = await runtime.send(new InvokeEndpointCommand(request));
      expect(Number.parseFloat(await Body.transformToString())).toBeGreaterThanOrEqual(0);
      expect(servers(home)).toHaveLength(1);
    });

    it("R3: leaves no claim and no deployment behind", async () => {
      const dynamodb = new DynamoDBClient(configOf());
      const { Items = [] } = await dynamodb.send(new ScanCommand({ TableName: "tidemill-lifecycle" }));
      const claims = Items.filter(({ sk }) => sk?.S?.startsWith("RELEASE#"));
      expect(claims.length).toBeGreaterThan(0);
      expect(claims.filter(({ status }) => status?.S === "RUNNING")).toEqual([]);
      expect(readdirSync(join(home, "sagemaker", "endpoint"))).toEqual([EndpointName]);
      expect(readdirSync(join(home, "sagemaker", "endpoint", EndpointName))).toHaveLength(1);
    });

    it("R4: tells well-formed histories", async () => {
      for (const { arn } of releases) {
        const states: (string | undefined)[] = [];
        let last = 0;
        for await (const { events = [] } of paginateGetExecutionHistory(
          { client: storm.clients.sfn },
          { executionArn: arn },
        )) {
          for (const { id, stateEnteredEventDetails: entered, stateExitedEventDetails: exited } of events) {
            expect(id).toBe(++last);
            if (entered) states.push(entered.name);
            if (exited) expect(states.pop()).toBe(exited.name);
          }
        }
        expect(states).toEqual([]);
      }
    });
  });
}

async function firstCustomer(s3: S3Client): Promise<string> {
  const product = { Bucket: "credit-card-000000000000-us-east-1", Key: "credit_card/credit_card.csv" };
  const csv = await (await s3.send(new GetObjectCommand(product))).Body?.transformToString();
  return csv?.split("\n")[1]?.split(",").slice(0, -1).join(",") ?? "";
}

/** What serves a model of the home, by the supervisors' command lines, which name its folder. */
function servers(home: string): string[] {
  const all = execFileSync("ps", ["-A", "-o", "stat=,args="], { encoding: "utf8" }).split("\n");
  return all.filter(
    (line) => /supervise\.sh.*serve\.py/.test(line) && line.includes(`${home}/`) && !line.startsWith("Z"),
  );
}

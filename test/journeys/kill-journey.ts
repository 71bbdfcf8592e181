/**
 * What must hold after a home was killed at random moments.
 *
 *   K1. Every execution and every job ended well.
 *   K2. Each training that ran registered exactly one model package, and each update reports the one it caused.
 *   K3. Each step of each training had exactly one job: attached again, or begun again under its name.
 *   K4. Every acknowledged object is there with its bytes, and every acknowledged execution exists.
 *   K5. The product is as the last publish left it, and its event started its execution.
 */
import { join } from "node:path";
import { InvokeCommand } from "@aws-sdk/client-lambda";
import { GetObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";
import { killStorm, LANDING, type Storm } from "./kill-storm.ts";
import { type Execution, executionsOf, jobsOf, packagesOf } from "./survivors.ts";

/** Declares the tests of `kills` moments; TIDEMILL_SEED repeats a schedule, and every title names the one it has. */
export function describeKills(kills: number, timeoutMs: number): void {
  const seed = Number(process.env.TIDEMILL_SEED ?? Date.now() % 1_000_000);

  describe(`a home killed ${kills} times (TIDEMILL_SEED=${seed})`, { timeout: 60_000 }, () => {
    let folder: string;
    let storm: Storm;
    let updates: Execution[];
    let trainings: Execution[];

    beforeAll(async () => {
      folder = temporaryFolder("kill");
      storm = await killStorm(join(folder, "home"), seed, kills);
      updates = await executionsOf(storm.clients.sfn, "data-product-update");
      trainings = await executionsOf(storm.clients.sfn, "train-model");
    }, timeoutMs);
    afterAll(() => storm?.running.stop());

    it("K1: ends every execution and every job well", async () => {
      expect([...updates, ...trainings].filter(({ status }) => status !== "SUCCEEDED")).toEqual([]);
      const jobs = await jobsOf(storm.clients.sagemaker);
      expect(jobs.filter(({ status }) => status !== "Completed")).toEqual([]);
      expect(trainings.length).toBeGreaterThan(0);
    });

    it("K2: registers one model package for each training, and none twice", async () => {
      const packages = await packagesOf(storm.clients.sagemaker);
      expect(packages.map(({ madeBy }) => madeBy).sort()).toEqual(trainings.map(({ arn }) => arn).sort());
      const reported = updates.flatMap(({ output }) => (output.outcome === "retrained" ? (output.models ?? []) : []));
      expect(reported.map(({ modelPackageArn }) => modelPackageArn).sort()).toEqual(
        packages.map(({ arn }) => arn).sort(),
      );
    });

    it("K3: has one job for each step of each training", async () => {
      const jobs = await jobsOf(storm.clients.sagemaker);
      // A name is model, step, run, and the count of redrives and retries, of which there were none.
      const steps = jobs.map(({ name }) => name.replace(/-\d+$/, ""));
      expect(new Set(steps).size).toBe(jobs.length);
      expect(jobs).toHaveLength(3 * trainings.length);
    });

    it("K4: keeps what it acknowledged", async () => {
      for (const [Key, body] of storm.objects) {
        const kept = await storm.clients.s3.send(new GetObjectCommand({ Bucket: LANDING, Key }));
        expect((await kept.Body?.transformToString()) === body, Key).toBe(true);
      }
      expect(updates.map(({ arn }) => arn)).toEqual(expect.arrayContaining(storm.started));
    });

    it("K5: has the product as the last publish left it, handled under its own name", async () => {
      const Payload = JSON.stringify({ product: "credit-card", trigger: "manual" });
      const again = new InvokeCommand({ FunctionName: "tidemill-start-lifecycle", Payload });
      const answer = await storm.clients.lambda.send(again);
      expect(Buffer.from(answer.Payload ?? []).toString("utf8")).toContain(storm.lastVersion);
      expect(updates.map(({ arn }) => arn.split(":").at(-1))).toContain(`credit-card-${storm.lastVersion}`);
    });
  });
}

import * as sm from "@aws-sdk/client-sagemaker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openSagemakerHome, type SagemakerHome } from "./sagemaker-home.ts";
import { jobEnd, startScriptJob, startTraining } from "./script-job.ts";

/** Each a training and a processing job, one after the other; one that exits with 1 has failed. */
const JOBS = [
  { name: "b-first", script: "raise SystemExit(0)" },
  { name: "c-second", script: "raise SystemExit(1)" },
  { name: "a-third", script: "raise SystemExit(0)" },
];
type Asked = sm.ListTrainingJobsCommandInput & sm.ListProcessingJobsCommandInput;

let home: SagemakerHome;
beforeAll(async () => {
  home = await openSagemakerHome();
  for (const job of JOBS) {
    await Promise.all([startTraining(home, job), startScriptJob(home, job)]);
    await Promise.all([jobEnd(home, job.name, "Training"), jobEnd(home, job.name)]);
  }
});
afterAll(() => home.close());

const KINDS = [
  {
    kind: "training",
    async list(asked: Asked) {
      const { TrainingJobSummaries = [], NextToken } = await home.sagemaker.send(new sm.ListTrainingJobsCommand(asked));
      return { jobs: TrainingJobSummaries.map((job) => ({ ...job, name: job.TrainingJobName })), NextToken };
    },
  },
  {
    kind: "processing",
    async list(asked: Asked) {
      const answer = await home.sagemaker.send(new sm.ListProcessingJobsCommand(asked));
      const { ProcessingJobSummaries = [], NextToken } = answer;
      return { jobs: ProcessingJobSummaries.map((job) => ({ ...job, name: job.ProcessingJobName })), NextToken };
    },
  },
];

describe.each(KINDS)("the list of $kind jobs", ({ kind, list }) => {
  const names = async (asked: Asked) => (await list(asked)).jobs.map(({ name }) => name);

  it.each<{ asked: Asked; listed: string[] }>([
    { asked: {}, listed: ["a-third", "c-second", "b-first"] },
    { asked: { SortOrder: "Ascending" }, listed: ["b-first", "c-second", "a-third"] },
    { asked: { SortBy: "Name" }, listed: ["c-second", "b-first", "a-third"] },
    { asked: { SortBy: "Name", SortOrder: "Ascending" }, listed: ["a-third", "b-first", "c-second"] },
    { asked: { SortBy: "Status", SortOrder: "Ascending" }, listed: ["b-first", "a-third", "c-second"] },
    { asked: { StatusEquals: "Completed" }, listed: ["a-third", "b-first"] },
    { asked: { NameContains: "-sec" }, listed: ["c-second"] },
  ])("is $listed, asked for $asked", async ({ asked, listed }) => {
    expect(await names(asked)).toEqual(listed);
  });

  it("has the jobs made and changed between two times", async () => {
    const [third, second, first] = (await list({})).jobs;
    expect(await names({ CreationTimeAfter: first?.CreationTime, CreationTimeBefore: third?.CreationTime })).toEqual([
      "c-second",
    ]);
    const changed = { LastModifiedTimeAfter: first?.LastModifiedTime, LastModifiedTimeBefore: third?.LastModifiedTime };
    expect(await names(changed)).toEqual(["c-second"]);
    expect(await names({ LastModifiedTimeAfter: second?.LastModifiedTime })).toEqual(["a-third"]);
  });

  it("goes on by pages in the order asked for", async () => {
    const asked: Asked = { SortBy: "Name", SortOrder: "Ascending", MaxResults: 2 };
    const first = await list(asked);
    expect(first.jobs.map(({ name }) => name)).toEqual(["a-third", "b-first"]);
    expect(await names({ ...asked, NextToken: first.NextToken })).toEqual(["c-second"]);
  });

  it(`takes ${kind === "training" ? "the page before the status" : "the status before the page"}`, async () => {
    const failed = await list({ StatusEquals: "Failed", MaxResults: 1 });
    expect(failed.jobs.map(({ name }) => name)).toEqual(kind === "training" ? [] : ["c-second"]);
    expect(failed.NextToken === undefined).toBe(kind === "processing");
  });
});

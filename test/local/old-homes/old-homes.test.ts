import { afterEach, describe, expect, it } from "vitest";
import { states } from "../../../local/services/states/index.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { answering, payloadOf, standInLambda } from "../stand-in-services.ts";
import { arn, machineArn, OldHome, oldHome } from "./old-home.ts";

const COMMON = ["done", "failed", "waiting", "both", "retrying", "calling"];
const OUTPUTS: Readonly<Record<string, { output: unknown }>> = {
  done: { output: { answered: { n: 2 } } },
  waiting: { output: { deep: ["ü", 1e21, null] } },
  both: { output: ["signed", [1, 2, 3]] },
  retrying: { output: { answered: { flaky: false } } },
  calling: { output: { answered: { never: true } } },
  distributed: { output: [2, 4, 6, 8] },
};

describe.each([
  { file: "events-as-rows.sql", machines: COMMON },
  { file: "first-map-runs.sql", machines: [...COMMON, "distributed"] },
])("a home of an earlier version ($file)", ({ file, machines }) => {
  let home: OldHome;
  afterEach(() => home.close());

  it("has the tables of a new home once it is opened", async () => {
    const fresh = await OldHome.openIn(temporaryFolder("fresh"));
    const expected = fresh.tables();
    await fresh.close();
    home = await OldHome.open(file);
    expect(expected.length).toBeGreaterThan(100);
    expect(home.tables()).toEqual(expected);
  });

  it("still holds what each service kept", async () => {
    home = await OldHome.open(file);
    await home.start();
    const QueueUrl = (await home.call("sqs", "GetQueueUrl", { QueueName: "q" })).QueueUrl;
    const kept = await Promise.all([
      home.call("ssm", "GetParameter", { Name: "/a" }),
      home.call("sqs", "ReceiveMessage", { QueueUrl }),
      home.call("sns", "ListTopics", {}),
      home.call("s3", "ListBuckets", {}),
      home.call("glue", "GetDatabase", { Name: "kept" }),
      home.call("dynamodb", "GetItem", { TableName: "kept", Key: { k: { S: "a" } } }),
      home.call("events", "DescribeRule", { Name: "kept" }),
      home.call("logs", "DescribeLogGroups", {}),
    ]);
    expect(kept).toMatchObject([
      { Parameter: { Value: "kept" } },
      { Messages: [{ Body: "kept" }] },
      { Topics: [{ TopicArn: "arn:aws:sns:us-east-1:000000000000:t" }] },
      { Buckets: [{ Name: "kept" }] },
      { Database: { Name: "kept" } },
      { Item: { k: { S: "a" }, v: { N: "1" } } },
      { EventPattern: '{"source":["a"]}' },
      { logGroups: [{ logGroupName: "/kept" }] },
    ]);
  });

  it("goes on with its executions, and tells their histories as those of new ones", async () => {
    home = await OldHome.open(file, { services: [states, lambda()] });
    await home.start();
    for (const machine of machines)
      await home.call("states", "StartExecution", {
        stateMachineArn: machineArn(machine),
        name: "again",
        input: JSON.stringify(machine === "done" ? { n: 2 } : {}),
      });
    const runs = machines.flatMap((machine) => [`${machine} run`, `${machine} again`]);
    const open = new Set(runs);
    // The one that was given away before the home was closed: only its history knows it still.
    tokens.push(await home.scheduledToken("both", "run"));
    while (open.size > 0) {
      for (const run of open) {
        const [machine = "", name = ""] = run.split(" ");
        if ((await home.described(machine, name)).status !== "RUNNING") open.delete(run);
      }
      for (const taskToken of tokens.splice(0))
        await home.call("states", "SendTaskSuccess", { taskToken, output: '"signed"' });
      home.clock.advance(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const machine of machines) {
      const { status } = await home.described(machine, "again");
      expect(await home.described(machine, "run")).toEqual({ status, ...OUTPUTS[machine] });
      // In which order two branches go on is a matter of when their token is sent.
      expect((await home.history(machine, "run")).toSorted()).toEqual(
        (await home.history(machine, "again")).toSorted(),
      );
    }
  });

  it("redrives what failed in it", async () => {
    home = await OldHome.open(file, { services: [states, lambda()] });
    await home.start();
    await home.call("states", "RedriveExecution", { executionArn: arn("failed", "run") });
    expect(await home.history("failed", "run")).toEqual([
      "ExecutionStarted",
      "FailStateEntered",
      "ExecutionFailed",
      "ExecutionRedriven",
      "ExecutionFailed",
    ]);
  });
});

describe("a home that another version has written to", () => {
  it("is refused by an earlier version with both versions named, and let go of", async () => {
    const directory = oldHome("first-map-runs.sql", "UPDATE migrations SET version = 99 WHERE owner = 'states'");
    const refusal =
      "was written by a newer tidemill (states is at version 99, this one knows 8); upgrade, or use another --home";
    await expect(OldHome.openIn(directory)).rejects.toThrow(refusal);
    // Not "in use": the first attempt has let go of it.
    await expect(OldHome.openIn(directory)).rejects.toThrow(refusal);
  });

  it("starts though one execution's checkpoint cannot be read: the others go on, and that one stays as it is", async () => {
    const logged: unknown[] = [];
    const alter = `UPDATE states_executions SET checkpoint = replace(checkpoint, '{"version":1,', '{"version":99,') WHERE name = 'run' AND machine_arn = '${machineArn("waiting")}'`;
    const log = (level: string, message: string, fields?: object) => logged.push({ level, message, ...fields });
    const home = await OldHome.open("first-map-runs.sql", { services: [states, lambda()], alter, log });
    await home.start();
    for (let turn = 0; (await home.described("retrying", "run")).status === "RUNNING"; turn += 1) {
      expect(turn).toBeLessThan(1_000);
      home.clock.advance(1_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await home.described("waiting", "run")).toEqual({ status: "RUNNING" });
    expect(logged).toEqual([
      {
        level: "error",
        message: "a running execution could not be read; it stays as it is: go on with the version that wrote it",
        execution: arn("waiting", "run"),
        error: "CheckpointError: Expected an execution checkpoint of version 1 or 2 but found 99",
      },
    ]);
    await home.close();
  });
});

const tokens: string[] = [];

/** Keeps task tokens, fails what asks for it, and answers the rest. */
const lambda = () =>
  standInLambda({
    authorize: () => [],
    handle({ Payload }) {
      const payload = payloadOf(Payload);
      if (payload.token !== undefined) tokens.push(payload.token);
      const answer = payload.flaky ? { errorType: "Flaky", errorMessage: "not yet" } : { answered: payload };
      return {
        StatusCode: 200,
        ...(payload.flaky ? { FunctionError: "Unhandled" } : {}),
        Payload: answering(answer),
      };
    },
  });

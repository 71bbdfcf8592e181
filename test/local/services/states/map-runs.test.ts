import { CreateBucketCommand, GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { DescribeMapRunCommand, GetExecutionHistoryCommand, ListMapRunsCommand } from "@aws-sdk/client-sfn";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StatesHome } from "./states-home.ts";

const READER = {
  Resource: "arn:aws:states:::s3:getObject",
  ReaderConfig: { InputType: "JSON" },
  Arguments: { Bucket: "items", Key: "items.json" },
};
const PASS = { StartAt: "P", States: { P: { Type: "Pass", End: true } } };
const map = (fields: object, processor: object = PASS, type = "STANDARD") => ({
  QueryLanguage: "JSONata",
  StartAt: "Each",
  States: {
    Each: {
      Type: "Map",
      Label: "Each",
      ItemProcessor: { ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: type }, ...processor },
      End: true,
      ...fields,
    },
  },
});
const FAIL_ODD = {
  StartAt: "C",
  States: {
    C: { Type: "Choice", Choices: [{ Condition: "{% $states.input.n % 2 = 1 %}", Next: "F" }], Default: "S" },
    F: { Type: "Fail", Error: "Odd", Cause: "is odd" },
    S: { Type: "Succeed" },
  },
};

describe("distributed maps", () => {
  let states: StatesHome;
  beforeEach(async () => {
    states = await new StatesHome().open();
    await states.s3.send(new CreateBucketCommand({ Bucket: "items" }));
  });
  afterEach(() => states.close());

  const put = (Key: string, Body: string) => states.s3.send(new PutObjectCommand({ Bucket: "items", Key, Body }));
  const object = async (Key: string) =>
    JSON.parse(
      (await (await states.s3.send(new GetObjectCommand({ Bucket: "items", Key }))).Body?.transformToString()) ?? "",
    );

  it("runs a child over each item of an object and gathers their outputs in order", async () => {
    await put("items.json", JSON.stringify([3, 1, 2]));
    const arn = await states.create(map({ ItemReader: READER, MaxConcurrency: 2 }));
    const ended = await states.run(arn);
    expect(ended).toMatchObject({ status: "SUCCEEDED", output: "[3,1,2]" });
    const { events = [] } = await states.client.send(
      new GetExecutionHistoryCommand({ executionArn: ended.executionArn }),
    );
    expect(events.map(({ type }) => type)).toEqual([
      "ExecutionStarted",
      "MapStateEntered",
      "MapStateStarted",
      "MapRunStarted",
      "MapRunSucceeded",
      "MapStateSucceeded",
      "MapStateExited",
      "ExecutionSucceeded",
    ]);
  });

  it("is to its children a state machine with a label, whose name is that of the whole", async () => {
    const tell = { Type: "Pass", Output: "{% $states.context.StateMachine %}", End: true };
    const { output } = await states.run(
      await states.create(map({ Items: [1] }, { StartAt: "T", States: { T: tell } })),
    );
    const Id = "arn:aws:states:us-east-1:000000000000:stateMachine:m/Each";
    expect(JSON.parse(output ?? "")).toEqual([{ Id, Name: "m" }]);
  });

  it("has the name-based UUID of its state where it has no label", async () => {
    const all = { ...map({ Items: [1] }).States.Each, Label: undefined };
    const definition = { QueryLanguage: "JSONata", StartAt: "JsonMap", States: { JsonMap: all } };
    const { executionArn } = await states.run(await states.create(definition));
    const { mapRuns = [] } = await states.client.send(new ListMapRunsCommand({ executionArn }));
    const label = "3318ddf7-9a0e-3259-a825-55a4e8e3e9b1";
    expect(mapRuns[0]?.stateMachineArn).toBe(`arn:aws:states:us-east-1:000000000000:stateMachine:m/${label}`);
  });

  it("counts what it has written by items and by executions", async () => {
    const ResultWriter = { Resource: "arn:aws:states:::s3:putObject", Arguments: { Bucket: "items", Prefix: "out" } };
    const fields = { Items: [1, 2, 3], ItemBatcher: { MaxItemsPerBatch: 2 }, ResultWriter };
    const { output } = await states.run(await states.create(map(fields)));
    const { MapRunArn: mapRunArn } = JSON.parse(output ?? "");
    expect(await states.client.send(new DescribeMapRunCommand({ mapRunArn }))).toMatchObject({
      itemCounts: { succeeded: 3, resultsWritten: 3 },
      executionCounts: { succeeded: 2, resultsWritten: 2 },
    });
  });

  it("fails with S3's words when the items cannot be read", async () => {
    const arn = await states.create(map({ ItemReader: READER }));
    const ended = await states.run(arn);
    expect(ended).toMatchObject({ status: "FAILED", error: "States.ItemReaderFailed" });
    expect(ended.cause).toMatch(
      /^The specified key does not exist\. \(Service: Amazon S3; Status Code: 404; Error Code: NoSuchKey;/,
    );
  });

  it("writes results to files by status, with a manifest", async () => {
    const items = [{ n: 1 }, { n: 2 }, { n: 4 }];
    const ResultWriter = { Resource: "arn:aws:states:::s3:putObject", Arguments: { Bucket: "items", Prefix: "out" } };
    const fields = { Items: items, ToleratedFailureCount: 1, ResultWriter };
    const ended = await states.run(await states.create(map(fields, FAIL_ODD)));
    expect(ended.status).toBe("SUCCEEDED");
    const { MapRunArn, ResultWriterDetails } = JSON.parse(ended.output ?? "");
    expect(MapRunArn).toMatch(/^arn:aws:states:us-east-1:000000000000:mapRun:m\/Each:[0-9a-f-]{36}$/);
    const folder = `out/${MapRunArn.split(":").at(-1)}`;
    expect(ResultWriterDetails).toEqual({ Bucket: "items", Key: `${folder}/manifest.json` });
    const manifest = await object(ResultWriterDetails.Key);
    expect(manifest).toMatchObject({
      DestinationBucket: "items",
      MapRunArn,
      ResultFiles: {
        FAILED: [{ Key: `${folder}/FAILED_0.json` }],
        PENDING: [],
        SUCCEEDED: [{ Key: `${folder}/SUCCEEDED_0.json` }],
      },
    });
    expect(await object(`${folder}/FAILED_0.json`)).toEqual([
      {
        Cause: "is odd",
        Error: "Odd",
        ExecutionArn: expect.any(String),
        Input: '{"n":1}',
        InputDetails: { Included: true },
        Name: expect.any(String),
        OutputDetails: { Included: true },
        RedriveCount: 0,
        RedriveStatus: "REDRIVABLE_BY_MAP_RUN",
        StartDate: expect.any(String),
        StateMachineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:m/Each",
        Status: "FAILED",
        StopDate: expect.any(String),
      },
    ]);
    const succeeded = await object(`${folder}/SUCCEEDED_0.json`);
    expect(succeeded).toMatchObject([
      {
        Status: "SUCCEEDED",
        Output: '{"n":2}',
        StateMachineArn: "arn:aws:states:us-east-1:000000000000:stateMachine:m/Each",
      },
      { Status: "SUCCEEDED", Output: '{"n":4}', RedriveStatusReason: "Execution is SUCCEEDED and cannot be redriven" },
    ]);
    expect(succeeded[0].ExecutionArn).toBe(
      `arn:aws:states:us-east-1:000000000000:execution:m/Each:${succeeded[0].Name}`,
    );
  });
});

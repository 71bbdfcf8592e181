import type { DescribeExecutionCommandOutput } from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { ROLE } from "../states-home.ts";
import { ACCOUNT, CrashingHome } from "./crashing-home.ts";

const turn = () => new Promise((resolve) => setImmediate(resolve));

/** One branch waits for a token, the other is busy for many batches once its wait is over. */
const DEFINITION = JSON.stringify({
  QueryLanguage: "JSONata",
  StartAt: "Both",
  States: {
    Both: {
      Type: "Parallel",
      End: true,
      Branches: [
        {
          StartAt: "Sign",
          States: {
            Sign: {
              Type: "Task",
              Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
              Arguments: { FunctionName: "f", Payload: "{% {'token': $states.context.Task.Token} %}" },
              End: true,
            },
          },
        },
        {
          StartAt: "Later",
          States: {
            Later: { Type: "Wait", Seconds: 5, Assign: { turn: 0 }, Next: "Count" },
            Count: { Type: "Pass", Assign: { turn: "{% $turn + 1 %}" }, Next: "Enough" },
            Enough: { Type: "Choice", Choices: [{ Condition: "{% $turn < 5900 %}", Next: "Count" }], Default: "Done" },
            Done: { Type: "Succeed" },
          },
        },
      ],
    },
  },
});

describe("a task token sent while its execution is busy", () => {
  it("is still good after a crash that came before the outcome was taken in", async () => {
    const tokens: string[] = [];
    const home = await CrashingHome.open(({ token = "" }) => tokens.push(token));
    const executionArn = `arn:aws:states:us-east-1:${ACCOUNT}:execution:m:run`;
    await home.call("CreateStateMachine", { name: "m", roleArn: ROLE, definition: DEFINITION });
    const stateMachineArn = `arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:m`;
    await home.call("StartExecution", { stateMachineArn, name: "run", input: "{}" });
    await home.clock.until(() => tokens.length > 0, 0);
    await turn();
    await home.committed();
    home.clock.advance(5_000);
    const [taskToken] = tokens;
    let acknowledged = false;
    const first = home.call("SendTaskSuccess", { taskToken, output: '"signed"' });
    void first.then(() => {
      acknowledged = true;
    });
    await turn();
    expect(acknowledged).toBe(false);
    await home.crash(0);
    await home.call("SendTaskSuccess", { taskToken, output: '"signed"' });
    const described = () => home.call<DescribeExecutionCommandOutput>("DescribeExecution", { executionArn });
    for (let turns = 0; turns < 1_000 && (await described()).status === "RUNNING"; turns += 1) await turn();
    expect((await described()).status).toBe("SUCCEEDED");
    await home.close();
  });
});

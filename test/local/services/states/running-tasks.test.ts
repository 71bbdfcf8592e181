import { describe, expect, it } from "vitest";
import { type RunningTask, RunningTasks } from "../../../../local/services/states/running-tasks.ts";

const task = (executionArn: string): RunningTask => ({
  executionArn,
  call: {
    resource: "arn:aws:states:::states:startExecution.sync",
    parameters: {},
    principal: { kind: "home", accountId: "000000000000" },
    executionArn,
    requestId: "1",
  },
  machineRole: { kind: "home", accountId: "000000000000" },
  effect: {
    kind: "schedule-task",
    taskId: "5",
    stateName: "A",
    resource: "arn:aws:states:::states:startExecution.sync",
    integration: {
      kind: "service",
      resourceType: "states",
      resource: "startExecution.sync",
      action: "startExecution",
      pattern: "sync",
    },
    parameters: {},
    retryCount: 0,
    iterations: [],
  },
  deliver: async () => undefined,
  aborter: new AbortController(),
});

describe("the tasks under way", () => {
  it("are found by the job they watch, until they are taken out", () => {
    const tasks = new RunningTasks();
    const [one, two, other] = [task("one"), task("two"), task("other")];
    for (const each of [one, two, other]) tasks.add(each);
    for (const each of [one, two]) tasks.watch(each, "job");
    tasks.watch(other, "another job");
    expect(tasks.watching("job")).toEqual([one, two]);
    expect(tasks.take("one", "5")).toBe(one);
    expect(tasks.watching("job")).toEqual([two]);
    expect(tasks.take("one", "5")).toBeUndefined();
  });

  it("watch nothing once they were taken out", () => {
    const tasks = new RunningTasks();
    const ended = task("one");
    tasks.add(ended);
    tasks.take("one", "5");
    tasks.watch(ended, "job");
    expect(tasks.watching("job")).toEqual([]);
  });
});

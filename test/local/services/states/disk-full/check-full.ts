/** What must hold once there is space again, whatever filled the disk. */
import { expect } from "vitest";
import { z } from "zod";
import { call, executionArn, ITEMS, LOOPS, openFullHome, TURNS } from "./full-machine.ts";

const Told = z.object({
  acknowledged: z.record(z.string(), z.number()),
  first: z.string(),
  late: z.string(),
  logged: z.array(z.string()),
});
const History = z.object({
  events: z.array(z.object({ id: z.number(), type: z.string() })),
  nextToken: z.string().optional(),
});

/** @param stdout what run-until-full.ts printed about the home in `directory` */
export async function checkGoesOn(directory: string, stdout: string): Promise<void> {
  const told = Told.parse(JSON.parse(stdout));
  const refusal = `could not write ${directory}/home.db: `;
  expect(told.first).toContain(refusal);
  expect(told.late).toContain(refusal);
  expect(told.logged.filter((line) => line.startsWith(`error: ${refusal}`))).toHaveLength(1);
  expect(told.late).toContain("free space or mend the disk, then start again");
  expect(Object.values(told.acknowledged).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(3);

  const home = await openFullHome(directory, (opened, taskToken) => {
    call(opened, "SendTaskSuccess", { taskToken, output: "1" }).catch(() => undefined);
  });
  const late = call(home, "DescribeExecution", { executionArn: executionArn("loop-late") });
  await expect(late).rejects.toThrow("Does Not Exist");
  for (const name of LOOPS) {
    const types = await history(name);
    const signed = types.filter((type) => type === "TaskSucceeded").length;
    expect(signed, `${name} before it goes on`).toBeGreaterThanOrEqual(told.acknowledged[name] ?? 0);
  }
  for (const name of [...LOOPS, "map-1"]) {
    const executionArnOf = executionArn(name);
    let described = await call(home, "DescribeExecution", { executionArn: executionArnOf });
    while (described.status === "RUNNING") {
      await new Promise((resolve) => setImmediate(resolve));
      described = await call(home, "DescribeExecution", { executionArn: executionArnOf });
    }
    const output = String(name === "map-1" ? ITEMS : TURNS);
    const { status, error, cause } = described;
    expect({ name, status, error, cause, output: described.output }).toEqual({ name, status: "SUCCEEDED", output });
    await history(name);
  }
  await home.close();

  async function history(name: string): Promise<string[]> {
    const types: string[] = [];
    for (let nextToken: string | undefined, more = true; more; more = nextToken !== undefined) {
      const page = {
        executionArn: executionArn(name),
        maxResults: 1000,
        ...(nextToken === undefined ? {} : { nextToken }),
      };
      const { events, nextToken: after } = History.parse(await call(home, "GetExecutionHistory", page));
      for (const { id, type } of events) expect(types.push(type), `place of an event of ${name}`).toBe(id);
      nextToken = after;
    }
    return types;
  }
}

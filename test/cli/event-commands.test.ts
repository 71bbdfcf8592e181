import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { PutRuleCommand } from "@aws-sdk/client-eventbridge";
import { CreateScheduleCommand } from "@aws-sdk/client-scheduler";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createClients } from "../../cli/clients.ts";
import { countRules, explainEvent, listEvents, putEvent } from "../../cli/commands/events.ts";
import { listSchedules, nextRuns } from "../../cli/commands/schedules.ts";
import type { Connection } from "../../cli/connect.ts";
import type { Context } from "../../cli/context.ts";
import { createTerminal } from "../../cli/terminal.ts";
import { type Home, openHome } from "../../local/home.ts";
import { events } from "../../local/services/events/index.ts";
import { scheduler } from "../../local/services/scheduler/index.ts";
import { temporaryFolder } from "../temporary-folder.ts";

let directory: string;
let home: Home;
let connection: Connection;
let value: unknown;
let text = "";
const context: Context = {
  home: "",
  port: undefined,
  json: false,
  terminal: createTerminal(process.stderr),
  printed: false,
  print(printed, words) {
    value = printed;
    text = words;
  },
};

beforeAll(async () => {
  directory = temporaryFolder("events");
  home = await openHome({ directory, services: [events, scheduler] });
  await home.start();
  const config = home.clientConfig();
  connection = {
    ...config,
    clients: createClients(config),
    accountId: home.accountId,
    pid: process.pid,
    own: true,
    close: async () => undefined,
  };
  const bus = await connection.clients.events();
  const EventPattern = JSON.stringify({ source: ["shop"], detail: { total: [{ numeric: [">", 100] }] } });
  await bus.send(new PutRuleCommand({ Name: "large-orders", EventPattern }));
  await bus.send(new PutRuleCommand({ Name: "nightly", ScheduleExpression: "cron(0 3 * * ? *)" }));
});
afterAll(() => home.close());

function eventFile(event: object): string {
  const file = join(directory, "event.json");
  writeFileSync(file, JSON.stringify(event));
  return file;
}
const order = (total: number) => eventFile({ source: "shop", "detail-type": "Order Placed", detail: { total } });

describe("events", () => {
  it("puts an event, lists it with its rules, and counts it", async () => {
    await putEvent(connection, context, order(250), "default");
    const large = text;
    await putEvent(connection, context, order(20), "default");
    const small = text;
    await listEvents(connection, context, { limit: 10 });
    const listed = Object(value).map(({ event, rules }: { event: { id: string }; rules: string[] }) => [
      event.id,
      rules,
    ]);
    expect(new Map(listed)).toEqual(
      new Map([
        [large, ["large-orders"]],
        [small, []],
      ]),
    );
    await listEvents(connection, context, { limit: 10, unmatched: true });
    expect(text).toContain(`${small}\n  shop, Order Placed, on default\n  matched no rule`);
    expect(text).not.toContain(large);
    await countRules(connection, context, "default");
    expect(text).toMatch(/^1 .* large-orders on default$/m);
    expect(text).toMatch(/^1 .* \(no rule\) on default$/m);
  });

  it("explains an event by its file and by its id", async () => {
    await explainEvent(connection, context, order(20), {});
    expect(text).toContain("large-orders: does not match (1 of 2 fields hold)");
    await putEvent(connection, context, order(250), "default");
    await explainEvent(connection, context, text, { rule: "large-orders" });
    expect(text).toBe("large-orders: matches");
  });

  it("says what is wrong with a file, an id, a rule and an event that the bus refuses", async () => {
    const no = (exitCode: number, words: RegExp) =>
      expect.objectContaining({ exitCode, message: expect.stringMatching(words) });
    await expect(putEvent(connection, context, join(directory, "none.json"), "default")).rejects.toEqual(
      no(2, /no such file/),
    );
    await expect(putEvent(connection, context, eventFile({ source: "shop" }), "default")).rejects.toEqual(
      no(2, /is no event:[\s\S]*detail/),
    );
    const reserved = eventFile({ source: "aws.s3", "detail-type": "Object Created", detail: {} });
    await expect(putEvent(connection, context, reserved, "default")).rejects.toEqual(no(3, /NotAuthorizedForSource/));
    await expect(explainEvent(connection, context, "17793124-05d4-b198-2fde-7ededc63b103", {})).rejects.toEqual(
      no(2, /no event 17793124/),
    );
    await expect(explainEvent(connection, context, order(1), { rule: "lager" })).rejects.toEqual(
      no(2, /no rule lager/),
    );
    await expect(listEvents(connection, context, { limit: 5000 })).rejects.toEqual(no(1, /limit/));
  });
});

describe("schedules", () => {
  it("lists schedules and scheduled rules, and tells their next runs", async () => {
    const Target = { Arn: "arn:aws:sqs:us-east-1:000000000000:due", RoleArn: "arn:aws:iam::000000000000:role/due" };
    await (await connection.clients.scheduler()).send(
      new CreateScheduleCommand({
        Name: "new-year",
        ScheduleExpression: "cron(0 0 1 1 ? 2100-2101)",
        ScheduleExpressionTimezone: "Europe/Berlin",
        FlexibleTimeWindow: { Mode: "OFF" },
        Target,
      }),
    );
    await listSchedules(connection, context);
    expect(text).toContain("default/new-year\n  cron(0 0 1 1 ? 2100-2101) Europe/Berlin, 2099-12-31T23:00:00.000Z");
    expect(text).toMatch(/^rules\/nightly\n {2}cron\(0 3 \* \* \? \*\) UTC, .*T03:00:00.000Z$/m);
    await nextRuns(connection, context, "new-year", 5);
    expect(text).toBe("2099-12-31T23:00:00.000Z\n2100-12-31T23:00:00.000Z");
    await nextRuns(connection, context, "new-year", 1);
    expect(text).toBe("2099-12-31T23:00:00.000Z");
    await expect(nextRuns(connection, context, "weekly", 1)).rejects.toThrow("no schedule weekly");
  });

  it("has no runs after its end, nor before its start", async () => {
    await (await connection.clients.scheduler()).send(
      new CreateScheduleCommand({
        Name: "for-two-days",
        ScheduleExpression: "rate(1 day)",
        StartDate: new Date("2100-06-01T12:00:00Z"),
        EndDate: new Date("2100-06-02T18:00:00Z"),
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: { Arn: "arn:aws:sqs:us-east-1:000000000000:due", RoleArn: "arn:aws:iam::000000000000:role/due" },
      }),
    );
    await nextRuns(connection, context, "for-two-days", 5);
    expect(text).toBe("2100-06-01T12:00:00.000Z\n2100-06-02T12:00:00.000Z");
  });
});

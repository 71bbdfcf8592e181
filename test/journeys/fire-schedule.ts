/** A schedule of the app, run once, as soon as may be. */
import { GetScheduleCommand, SchedulerClient, UpdateScheduleCommand } from "@aws-sdk/client-scheduler";
import type { App } from "./open-app.ts";

const SOON_MS = 1_500;

export async function fireSchedule(app: App, Name: string): Promise<void> {
  const scheduler = new SchedulerClient(app.home.clientConfig());
  const named = { Name, GroupName: "tidemill" };
  const { FlexibleTimeWindow, Target } = await scheduler.send(new GetScheduleCommand(named));
  const soon = new Date(Date.now() + SOON_MS).toISOString().slice(0, 19);
  const changed = { ...named, FlexibleTimeWindow, Target, ScheduleExpression: `at(${soon})` };
  await scheduler.send(new UpdateScheduleCommand(changed));
}

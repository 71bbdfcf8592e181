/** EventBridge Scheduler: one-time and recurring schedules in groups, calling their target as its role. */
import { defineService } from "../../define-service.ts";
import { schedulerResources } from "./cloudformation.ts";
import { schedulerOperations } from "./operations.ts";
import { createScheduleRunner } from "./run-schedules.ts";
import { ScheduleStore } from "./schedule-store.ts";
import { SCHEDULER_TABLES } from "./tables.ts";

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/Welcome.html */
export const scheduler = defineService<typeof import("@aws-sdk/client-scheduler")>({
  name: "scheduler",
  signingName: "scheduler",
  iamPrefix: "scheduler",
  sdk: () => import("@aws-sdk/client-scheduler"),
  create(home) {
    home.store.migrate("scheduler", SCHEDULER_TABLES);
    const store = new ScheduleStore(home);
    const runner = createScheduleRunner(home, store);
    return {
      operations: schedulerOperations(home, store, runner),
      resources: schedulerResources(home, store, runner),
      start: () => runner.start(),
      stop: () => runner.stop(),
    };
  },
});

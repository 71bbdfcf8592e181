/** Schedule expressions of EventBridge rules and EventBridge Scheduler: validation and next run. */
export { InvalidScheduleError } from "./invalid-schedule-error.ts";
export { nextRun, parseSchedule, type RunOptions, type Schedule, type ScheduleDialect } from "./schedule.ts";
export { isTimezone } from "./wall-time.ts";

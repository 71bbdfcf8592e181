/** A job's output in CloudWatch Logs, written as the job's role; a role without logs permissions runs without them. */
import type { HomePorts } from "../../define-service.ts";
import type { Principal } from "../../principal.ts";
import type { LogSink } from "../../runtime/jobs/index.ts";

/** @param group log group, e.g. "/aws/sagemaker/TrainingJobs"; @param stream log stream, e.g. "<job>/algo-1-1700000000" */
export function cloudWatchSink(home: HomePorts, principal: Principal, group: string, stream: string): LogSink {
  let opened: Promise<boolean> | undefined;
  const open = async () => {
    try {
      await ignoreExisting(home.call("logs", "CreateLogGroup", { logGroupName: group }, principal));
      const names = { logGroupName: group, logStreamName: stream };
      await ignoreExisting(home.call("logs", "CreateLogStream", names, principal));
      return true;
    } catch (thrown) {
      home.log(
        "warn",
        `no CloudWatch logs for ${stream}: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      );
      return false;
    }
  };
  return async (lines) => {
    opened ??= open();
    if (!(await opened)) return;
    const timestamp = home.clock.now();
    // CloudWatch refuses an event without text.
    const logEvents = lines.filter((line) => line !== "").map((message) => ({ timestamp, message }));
    if (logEvents.length === 0) return;
    const batch = { logGroupName: group, logStreamName: stream, logEvents };
    await home.call("logs", "PutLogEvents", batch, principal).catch((thrown: unknown) => {
      home.log("warn", `log lines of ${stream} were not kept: ${String(thrown)}`);
    });
  };
}

async function ignoreExisting(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (thrown) {
    const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
    if (code !== "ResourceAlreadyExistsException") throw thrown;
  }
}

/** A state machine's loggingConfiguration: what AWS accepts, and what of it is acted on. */
import { z } from "zod";
import { AwsError } from "../../../aws-error.ts";

export type LogLevel = "ALL" | "ERROR" | "FATAL";

/** Where and how much of the histories is logged. */
export interface LogTarget {
  groupName: string;
  level: LogLevel;
  includeExecutionData: boolean;
}

const Destination = z.object({ cloudWatchLogsLogGroup: z.object({ logGroupArn: z.string() }).optional() });
const Configuration = z.object({
  level: z.enum(["ALL", "ERROR", "FATAL", "OFF"]).default("OFF"),
  includeExecutionData: z.boolean().default(false),
  destinations: z.array(Destination).default([]),
});

const LOG_GROUP = /^arn:[\w-]+:logs:[\w-]+:\d{12}:log-group:([\w./#-]{1,512}):\*$/;

/**
 * Undefined: nothing is logged.
 * @throws AwsError InvalidLoggingConfiguration
 */
export function logTargetOf(configuration: unknown): LogTarget | undefined {
  if (configuration === undefined || configuration === null) return undefined;
  const parsed = Configuration.safeParse(configuration);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(`${issue?.path.join(".")}: ${issue?.message}`);
  }
  const { level, includeExecutionData, destinations } = parsed.data;
  const [destination] = destinations;
  if (destinations.length > 1 || (level !== "OFF" && destination === undefined))
    throw invalid("Must specify exactly one Log Destination.");
  if (destination === undefined) return undefined;
  const { logGroupArn } = destination.cloudWatchLogsLogGroup ?? {};
  if (logGroupArn === undefined) throw invalid("Must set valid CloudWatch Log Group ARN.");
  const groupName = groupIn(logGroupArn);
  return level === "OFF" ? undefined : { groupName, level, includeExecutionData };
}

function groupIn(arn: string): string {
  const name = LOG_GROUP.exec(arn)?.[1];
  if (name !== undefined) return name;
  const isGroup = LOG_GROUP.test(`${arn.replace(/:$/, "")}:*`);
  throw invalid(
    isGroup
      ? "Log Group ARN must be provided with '*' qualifier."
      : "Provided ARN is not CloudWatch Logs Log Group ARN.",
  );
}

function invalid(what: string): AwsError {
  return new AwsError("InvalidLoggingConfiguration", `Invalid Logging Configuration: ${what}`);
}

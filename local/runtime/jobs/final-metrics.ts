/** MetricDefinitions: regular expressions over a training job's log; the last match of each is its final value. */
import { existsSync, statSync } from "node:fs";
import { BoundedRegExp } from "../../../engine/states/regex/bounded-regexp.ts";
import { lastLines } from "./log-lines.ts";

export interface MetricDefinition {
  Name: string;
  /** Its first group captures the number. */
  Regex: string;
}

export interface FinalMetric {
  MetricName: string;
  Value: number;
  Timestamp: Date;
}

// What decides is at the end.
const MOST_READ = 64 * 1024 * 1024;

/**
 * @param logFile the job's log; its last change dates the metrics
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/define-train-metrics.html
 */
export async function finalMetrics(logFile: string, definitions: readonly MetricDefinition[]): Promise<FinalMetric[]> {
  if (definitions.length === 0 || !existsSync(logFile)) return [];
  const patterns = definitions.map(({ Name, Regex }) => ({ name: Name, pattern: new BoundedRegExp(Regex) }));
  const last = new Map<string, number>();
  for await (const line of lastLines(logFile, MOST_READ)) {
    for (const { name, pattern } of patterns) {
      const value = Number.parseFloat(pattern.exec(line)?.[1] ?? "");
      if (Number.isFinite(value)) last.set(name, value);
    }
  }
  const Timestamp = statSync(logFile).mtime;
  return [...last].map(([MetricName, Value]) => ({ MetricName, Value, Timestamp }));
}

/** What a filter's selector finds in a message: `$.ms` in JSON, `$bytes` in a column of that name, or a plain value. */
import { AwsError } from "../../aws-error.ts";
import { columnReader } from "./column-filter-pattern.ts";
import { jsonReader } from "./json-filter-pattern.ts";

/** @throws AwsError InvalidParameterException for a selector the pattern has nothing for */
export function fieldReader(pattern: string, selector: string): (message: string) => string | undefined {
  if (!selector.startsWith("$")) return () => selector;
  const trimmed = pattern.trim();
  if (trimmed.startsWith("{")) return jsonReader(selector);
  const reader = trimmed.startsWith("[") ? columnReader(trimmed, selector.slice(1)) : undefined;
  if (reader !== undefined) return reader;
  throw new AwsError(
    "InvalidParameterException",
    `Invalid metric transformation: the pattern ${pattern} has no field ${selector}`,
  );
}

/** TestEventPattern: one pattern, one event, both as JSON text, with the checks AWS makes of the event. */
import { matches } from "./matcher.ts";

/** The event is not one that could be on a bus. */
export class InvalidEventError extends Error {
  override readonly name = "InvalidEventError";
  readonly code = "ValidationException";
}

const MANDATORY = ["id", "account", "source", "time", "region", "detail-type"];

/**
 * @param event needs id, account, source, time, region and detail-type
 * @throws InvalidEventError, InvalidEventPatternError
 */
export function testEventPattern(pattern: string, event: string): boolean {
  return matches(pattern, parseEvent(event));
}

function parseEvent(text: string): object {
  let event: unknown;
  try {
    event = JSON.parse(text);
  } catch (thrown) {
    throw new InvalidEventError("Parameter Event is not valid.", { cause: thrown });
  }
  if (
    typeof event !== "object" ||
    event === null ||
    Array.isArray(event) ||
    !MANDATORY.every((name) => name in event)
  ) {
    throw new InvalidEventError("Parameter Event is not valid.");
  }
  return event;
}

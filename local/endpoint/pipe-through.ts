/** A request's body handed on, so that whoever stops reading it closes the copy and not the connection the answer goes over. */
import type { Readable, Transform } from "node:stream";
import { AwsError } from "../aws-error.ts";

/** Returns `into`, which errors when the body does or ends early. */
export function pipeThrough<T extends Transform>(body: Readable, into: T): T {
  // A body may break before its reader listens, or after the request was refused; who reads it is told nevertheless.
  into.on("error", () => undefined);
  body.once("error", (error) => into.destroy(error));
  // A caller that went away mid-body must not look like an end.
  body.once("close", () => {
    if (!body.readableEnded) into.destroy(incompleteBody());
  });
  return body.pipe(into);
}

export function incompleteBody(): AwsError {
  return new AwsError("IncompleteBody", "The request body terminated unexpectedly");
}

/** Sends a stored file as the body of an answer. */
import type { ServerResponse } from "node:http";
import type { StoredBody } from "../stored-body.ts";

/**
 * Ends `response` with the bytes of `body`, each piece once the one before it is with the system: so two of them are all the
 * memory an answer takes, however long.
 * @throws Error of the file system; when the client goes away
 */
export async function sendStored(body: StoredBody, response: ServerResponse): Promise<void> {
  let fail: (error: Error) => void = () => undefined;
  // An answer that waits for the one before it on the connection hears of its end in no other way.
  response.once("close", () => fail(new Error("the client went away before the end of the answer")));
  for await (const piece of body.pieces()) {
    await new Promise<void>((resolve, reject) => {
      fail = reject;
      response.write(piece, (error) => (error ? reject(error) : resolve()));
    });
  }
  response.end();
}

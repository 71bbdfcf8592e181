/** Putting the app's own events on the bus. Loaded when first used. */
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";

const client = new EventBridgeClient({});
const SOURCE = "tidemill";

/** @throws Error when the bus did not take the event */
export async function putEvent(DetailType: string, detail: unknown): Promise<void> {
  const { Entries } = await client.send(
    new PutEventsCommand({ Entries: [{ Source: SOURCE, DetailType, Detail: JSON.stringify(detail) }] }),
  );
  const refused = Entries?.find(({ ErrorCode }) => ErrorCode !== undefined);
  if (refused !== undefined)
    throw new Error(`event "${DetailType}" was not taken: ${refused.ErrorCode} ${refused.ErrorMessage}`);
}

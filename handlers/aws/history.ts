/** What an execution did. Loaded when first used. */
import { GetExecutionHistoryCommand, type HistoryEvent, SFNClient } from "@aws-sdk/client-sfn";

const client = new SFNClient({});

/** The execution's history, the newest event first. */
export async function* newestFirst(executionArn: string): AsyncGenerator<HistoryEvent> {
  let nextToken: string | undefined;
  do {
    const page = await client.send(
      new GetExecutionHistoryCommand({
        executionArn,
        reverseOrder: true,
        includeExecutionData: true,
        ...(nextToken !== undefined && { nextToken }),
      }),
    );
    yield* page.events ?? [];
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
}

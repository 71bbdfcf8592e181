/** Results of Athena queries. Loaded when first used. */
import { AthenaClient, GetQueryResultsCommand } from "@aws-sdk/client-athena";

const client = new AthenaClient({});

/** All rows of a finished query as text, without the header row; NULL is undefined. */
export async function queryResults(queryExecutionId: string): Promise<(string | undefined)[][]> {
  const rows: (string | undefined)[][] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new GetQueryResultsCommand({
        QueryExecutionId: queryExecutionId,
        ...(token !== undefined && { NextToken: token }),
      }),
    );
    for (const { Data } of page.ResultSet?.Rows ?? []) rows.push((Data ?? []).map(({ VarCharValue }) => VarCharValue));
    token = page.NextToken;
  } while (token !== undefined);
  return rows.slice(1);
}

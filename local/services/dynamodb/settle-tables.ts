/** Tables that were being made, changed or deleted when the home ended: dynalite ends that by a timer, which is gone. */
import { z } from "zod";
import type { Store } from "../../store/index.ts";
import { TABLE_SPACE } from "./key-space.ts";

const Status = z.string().optional();
const Table = z.looseObject({
  TableStatus: Status,
  GlobalSecondaryIndexes: z.array(z.looseObject({ IndexStatus: Status })).optional(),
});

/** Brings each to where its timer would have brought it: what belongs to one that is deleted went with the request. */
export function settleTables(store: Store): void {
  const update = store.prepare("UPDATE dynamodb_entries SET value = ? WHERE space = ? AND key = ?");
  const remove = store.prepare("DELETE FROM dynamodb_entries WHERE space = ? AND key = ?");
  const all = store.prepare("SELECT key, value FROM dynamodb_entries WHERE space = ?").all(TABLE_SPACE);
  for (const { key, value } of all) {
    const table = Table.parse(JSON.parse(String(value)));
    const { TableStatus, GlobalSecondaryIndexes } = table;
    if (TableStatus === "ACTIVE") continue;
    if (TableStatus === "DELETING") remove.run(TABLE_SPACE, String(key));
    else {
      const indexes = GlobalSecondaryIndexes?.map((index) => ({ ...index, IndexStatus: "ACTIVE" }));
      const settled = { ...table, TableStatus: "ACTIVE", ...(indexes && { GlobalSecondaryIndexes: indexes }) };
      update.run(JSON.stringify(settled), TABLE_SPACE, String(key));
    }
  }
}

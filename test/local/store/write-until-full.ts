/**
 * Run by disk-full.test.ts under a file size limit: writes rows until the store says no, then prints what happened. With
 * "one-batch" all but the first row are written in one batch, which SQLite writes in part before the commit.
 */
import { openStore } from "../../../local/store/index.ts";

const store = openStore(process.argv[2] ?? "");
store.migrate("test", ["CREATE TABLE test_rows (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT"]);
const insert = store.prepare("INSERT INTO test_rows VALUES (?, ?)");
let acknowledged = 0;
try {
  for (let id = 1; id <= 100_000; id++) {
    insert.run(id, "x".repeat(10_000));
    if (id > 1 && process.argv[3] === "one-batch") continue;
    await store.committed();
    acknowledged = id;
  }
} catch (thrown) {
  const { name = "", message = "" } = thrown instanceof Error ? thrown : {};
  let later = "";
  try {
    insert.run(1_000_000, "after the refusal");
  } catch (again) {
    later = String(again);
  }
  await store.committed().catch(() => undefined);
  store.close();
  process.stdout.write(JSON.stringify({ acknowledged, name, message, later }));
}
process.exit(0);

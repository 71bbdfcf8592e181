/** Run by disk-full.test.ts under a file size limit: writes rows until the store says no, then prints what happened. */
import { openStore } from "../../../local/store/index.ts";

const store = openStore(process.argv[2] ?? "");
store.migrate("test", ["CREATE TABLE test_rows (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT"]);
const insert = store.prepare("INSERT INTO test_rows VALUES (?, ?)");
let acknowledged = 0;
try {
  for (let id = 1; id <= 100_000; id++) {
    insert.run(id, "x".repeat(10_000));
    await store.committed();
    acknowledged = id;
  }
} catch (thrown) {
  const { name = "", message = "" } = thrown instanceof Error ? thrown : {};
  process.stdout.write(JSON.stringify({ acknowledged, name, message }));
}
process.exit(0);

import { copyFileSync, mkdtempSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStore, type Store } from "../../../local/store/index.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

describe("a store whose files were damaged", () => {
  let folder: string;
  let store: Store;
  beforeEach(() => {
    folder = temporaryFolder("damage");
    store = openStore(join(folder, "home.db"));
    store.migrate("test", ["CREATE TABLE test_rows (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT"]);
  });
  afterEach(() => {
    store.close();
  });

  const write = async (id: number) => {
    store.prepare("INSERT INTO test_rows VALUES (?, ?)").run(id, "x".repeat(500));
    await store.committed();
  };
  /** The files as a killed process leaves them, in a folder of their own. */
  const copy = () => {
    const target = mkdtempSync(join(folder, "copy-"));
    for (const name of ["home.db", "home.db-wal"]) copyFileSync(join(folder, name), join(target, name));
    return target;
  };
  const ids = (directory: string) => {
    const opened = openStore(join(directory, "home.db"));
    const rows = opened.prepare("SELECT id FROM test_rows ORDER BY id").all();
    opened.close();
    return rows.map(({ id }) => id);
  };

  it("opens with all whole batches when the log's end is torn off at any place", async () => {
    await write(1);
    await write(2);
    const kept = statSync(join(folder, "home.db-wal")).size;
    await write(3);
    const whole = statSync(join(folder, "home.db-wal")).size;
    for (const length of [kept, kept + 1, kept + 24, Math.floor((kept + whole) / 2), whole - 1]) {
      const torn = copy();
      truncateSync(join(torn, "home.db-wal"), length);
      expect(ids(torn)).toEqual([1, 2]);
    }
    expect(ids(copy())).toEqual([1, 2, 3]);
  });

  it("is refused with its file's name and the way back when its head is no database's", async () => {
    await write(1);
    store.close();
    const path = join(folder, "home.db");
    const bytes = readFileSync(path);
    bytes.fill(0x5a, 0, 100);
    writeFileSync(path, bytes);
    expect(() => openStore(path)).toThrow(`${path} is damaged: file is not a database; put back a copy`);
  });

  it("takes no more work once a statement comes upon a damaged page, and says which file and what to do", async () => {
    for (let id = 1; id <= 400; id += 1) store.prepare("INSERT INTO test_rows VALUES (?, ?)").run(id, "x".repeat(500));
    store.close();
    const path = join(folder, "home.db");
    const bytes = readFileSync(path);
    bytes.fill(0x5a, 20 * PAGE_BYTES, 40 * PAGE_BYTES);
    writeFileSync(path, bytes);

    store = openStore(path);
    const insert = store.prepare("INSERT INTO test_rows VALUES (?, ?)");
    insert.run(401, "before the damage was known");
    const pending = store.committed();
    const damage = `${path} is damaged: database disk image is malformed; put back a copy`;
    expect(() => store.prepare("SELECT * FROM test_rows").all()).toThrow(damage);
    expect(() => insert.run(402, "after")).toThrow(damage);
    await expect(pending).rejects.toThrow(damage);
    await expect(store.committed()).rejects.toThrow(damage);
    expect(store.prepare("SELECT id FROM test_rows WHERE id = 1").get()).toEqual({ id: 1 });
    store.close();
    store = openStore(path);
    expect(store.prepare("SELECT id FROM test_rows WHERE id = 401").get()).toBeUndefined();
  });
});

const PAGE_BYTES = 4096;

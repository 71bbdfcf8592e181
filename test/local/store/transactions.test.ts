import { join } from "node:path";
import { fc, test } from "@fast-check/vitest";
import { beforeEach, describe, expect, it } from "vitest";
import { openStore } from "../../../local/store/index.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const TABLE = ["CREATE TABLE test_rows (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT"];

function opened(path: string) {
  const store = openStore(path);
  store.migrate("test", TABLE);
  const add = store.prepare("INSERT INTO test_rows VALUES (?, ?)");
  const change = store.prepare("UPDATE test_rows SET text = text || ? WHERE id = ?");
  const rows = store.prepare("SELECT id, text FROM test_rows ORDER BY id");
  return { store, add, change, rows: () => rows.all().map(({ id, text }) => `${id}=${text}`) };
}

/** What a program of a test does; `throws` ends a transaction, which its caller survives. */
type Step =
  | { does: "queue" | "run"; text: string }
  | { does: "read" }
  | { does: "transaction"; steps: Step[]; throws: boolean };

const { program } = fc.letrec<{ step: Step; program: Step[] }>((tie) => ({
  program: fc.array(tie("step"), { maxLength: 6 }),
  step: fc.oneof(
    { maxDepth: 4 },
    fc.record({ does: fc.constantFrom("queue", "run"), text: fc.constantFrom("a", "b", "c") }),
    fc.record({ does: fc.constant("read") }),
    fc.record({ does: fc.constant("transaction"), steps: tie("program"), throws: fc.boolean() }),
  ) as fc.Arbitrary<Step>,
}));

describe("writes that are queued", () => {
  test.prop([program])("come in their place, and go with the transaction that is undone", (steps) => {
    const { store, add, change, rows } = opened(":memory:");
    add.run(1, "");
    let expected = "";
    const perform = (step: Step): void => {
      if (step.does === "read") expect(rows()).toEqual([`1=${expected}`]);
      else if (step.does !== "transaction") {
        change[step.does](step.text, 1);
        expected += step.text;
      } else {
        const before = expected;
        const work = () => {
          step.steps.forEach(perform);
          if (step.throws) throw new Error("undone");
        };
        if (step.throws) {
          expect(() => store.transaction(work)).toThrow("undone");
          expected = before;
        } else store.transaction(work);
      }
    };
    steps.forEach(perform);
    expect(rows()).toEqual([`1=${expected}`]);
    store.close();
  });
});

describe("a store with queued writes", () => {
  let folder: string;
  beforeEach(() => {
    folder = temporaryFolder("queued");
  });
  const kept = (path: string): string[] => {
    const { store, rows } = opened(path);
    const found = rows();
    store.close();
    return found;
  };

  it("has them on disk once the batch is committed, also thousands of them", async () => {
    const path = join(folder, "home.db");
    const { store, add } = opened(path);
    store.transaction(() => {
      for (let id = 1; id <= 2_000; id += 1) add.queue(id, "kept");
    });
    await store.committed();
    store.close();
    expect(kept(path)).toHaveLength(2_000);
  });

  it("takes no more work once one of them fails, and keeps nothing of its batch", async () => {
    const path = join(folder, "home.db");
    const { store, add } = opened(path);
    add.queue(1, "acknowledged");
    await store.committed();
    add.run(2, "of the batch that fails");
    add.queue(1, "there already");
    const failure = `could not write ${path}: UNIQUE constraint failed`;
    await expect(store.committed()).rejects.toThrow(failure);
    expect(() => add.queue(3, "after")).toThrow(failure);
    store.close();
    expect(kept(path)).toEqual(["1=acknowledged"]);
  });

  it("tells a reader between them of the failure, and keeps nothing of the batch either", async () => {
    const path = join(folder, "home.db");
    const { store, add, rows } = opened(path);
    add.queue(1, "first");
    add.queue(1, "second");
    const pending = store.committed();
    expect(() => rows()).toThrow("UNIQUE constraint failed");
    await expect(pending).rejects.toThrow("UNIQUE constraint failed");
    store.close();
    expect(kept(path)).toEqual([]);
  });
});

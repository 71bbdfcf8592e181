import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AwsError } from "../../local/aws-error.ts";
import { defineService } from "../../local/define-service.ts";
import { type Home, openHome } from "../../local/home.ts";
import { temporaryFolder } from "../temporary-folder.ts";

/** Keeps names; says of one it has that it is there already. */
const names = defineService<typeof import("@aws-sdk/client-sfn")>({
  name: "names",
  signingName: "states",
  iamPrefix: "states",
  sdk: () => import("@aws-sdk/client-sfn"),
  create({ store }) {
    store.migrate("names", ["CREATE TABLE names (name TEXT PRIMARY KEY) STRICT"]);
    const insert = store.prepare("INSERT INTO names VALUES (?) ON CONFLICT DO NOTHING");
    return {
      operations: {
        StartExecution: {
          handle({ name = "" }) {
            if (insert.run(name) === 0) throw new AwsError("ExecutionAlreadyExists", name);
            return { executionArn: name, startDate: new Date(0) };
          },
        },
      },
    };
  },
});

describe("what a home answers", () => {
  let home: Home;
  beforeEach(async () => {
    home = await openHome({ directory: temporaryFolder("dispatch"), services: [names] });
  });
  afterEach(() => home.close());

  const keep = () =>
    home.ports.call("names", "StartExecution", { name: "a" }, { kind: "home", accountId: "000000000000" });
  /** As a process would find it that comes after this one was killed. */
  const onDisk = () => {
    const database = new DatabaseSync(join(home.directory, "home.db"), { readOnly: true });
    const kept = database.prepare("SELECT name FROM names").all();
    database.close();
    return kept.map(({ name }) => name);
  };

  it.each([
    { answer: "done", ask: () => keep() },
    { answer: "a refusal that tells of what another call has just written", ask: () => [keep(), keep()][1] },
  ])("is kept before it is answered: $answer", async ({ ask }) => {
    let found: unknown;
    const look = () => {
      found = onDisk();
    };
    await ask()?.then(look, look);
    expect(found).toEqual(["a"]);
  });
});

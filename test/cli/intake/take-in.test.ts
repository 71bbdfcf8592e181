/** What `publish` takes in of files and folders: each case one outcome, told with the file at fault. */
import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, chmodSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { beforeEach, describe, expect, it } from "vitest";
import { takeIn } from "../../../cli/intake/take-in.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { refusalOf } from "./refusal-of.ts";
import { zipOf } from "./zip-of.ts";

let base: string;
let folder: string;
const at = (name: string) => join(folder, name);
const put = (name: string, content: string | Uint8Array = `a b\n${name} 2\n`) => writeFileSync(at(name), content);

beforeEach(() => {
  base = temporaryFolder("intake");
  folder = join(base, "loans");
  mkdirSync(folder);
});

interface FolderCase {
  holds: string;
  make: () => void;
  /** The keys of what is taken, in order. */
  keys?: string[];
  leftOut?: string[];
  refused?: { exitCode: 2 | 3; says: RegExp };
}

const FOLDERS: FolderCase[] = [
  { holds: "one file", make: () => put("b.csv"), keys: ["loans/b.csv"] },
  {
    holds: "several, taken in the order of their names",
    make: () => ["c.asc", "a.csv", "B.csv"].map((name) => put(name)),
    keys: ["loans/B.csv", "loans/a.csv", "loans/c.asc"],
  },
  {
    holds: "files in folders",
    make: () => {
      mkdirSync(at("2026/01"), { recursive: true });
      put("2026/01/x.csv");
      put("a.csv");
    },
    keys: ["loans/2026/01/x.csv", "loans/a.csv"],
  },
  {
    holds: "packed ones beside plain ones",
    make: () => {
      put("a.csv");
      put("b.csv.gz", gzipSync("a b\n1 2\n"));
      put(
        "c.zip",
        zipOf([
          { name: "in/d.csv", content: "a b\n1 2\n" },
          { name: "__MACOSX/._d.csv", content: "x" },
        ]),
      );
    },
    keys: ["loans/a.csv", "loans/b.csv.gz/b.csv", "loans/c.zip/in/d.csv"],
  },
  {
    holds: "hidden files",
    make: () => [".DS_Store", "_SUCCESS", "a.csv"].map((name) => put(name)),
    keys: ["loans/a.csv"],
    leftOut: [".DS_Store (hidden)", "_SUCCESS (hidden)"],
  },
  { holds: "an empty file, which curation refuses", make: () => put("a.csv", ""), keys: ["loans/a.csv"] },
  {
    holds: "a link to a file in it",
    make: () => {
      put("a.csv");
      symlinkSync("a.csv", at("latest.csv"));
    },
    keys: ["loans/a.csv"],
    leftOut: ["latest.csv (a link to a.csv)"],
  },
  {
    holds: "a link to itself",
    make: () => {
      put("a.csv");
      symlinkSync(".", at("again"));
    },
    keys: ["loans/a.csv"],
    leftOut: ["again (a link to the folder itself)"],
  },
  {
    holds: "a link out of it",
    make: () => {
      put("a.csv");
      writeFileSync(join(base, "secret.csv"), "a b\n1 2\n");
      symlinkSync("../secret.csv", at("z.csv"));
    },
    refused: { exitCode: 3, says: /loans\/z.csv: a symbolic link that leads out of the folder, to .*secret.csv/ },
  },
  {
    holds: "a link to a folder beside it whose name begins alike",
    make: () => {
      mkdirSync(join(base, "loans-old"));
      symlinkSync("../loans-old", at("old"));
    },
    refused: { exitCode: 3, says: /loans\/old: a symbolic link that leads out/ },
  },
  {
    holds: "a link to nothing",
    make: () => symlinkSync("none.csv", at("a.csv")),
    refused: { exitCode: 3, says: /loans\/a.csv: a symbolic link that leads nowhere/ },
  },
  {
    holds: "a pipe, which nobody writes to",
    make: () => execFileSync("mkfifo", [at("pipe.csv")]),
    refused: { exitCode: 3, says: /loans\/pipe.csv: a pipe, not a file/ },
  },
  {
    holds: "a device, by a link",
    make: () => symlinkSync("/dev/zero", at("zero.csv")),
    refused: { exitCode: 3, says: /leads out of the folder, to \/dev\/zero/ },
  },
  { holds: "nothing", make: () => undefined, refused: { exitCode: 2, says: /loans holds no file to publish/ } },
  {
    holds: "hidden files alone",
    make: () => put(".gitkeep"),
    refused: { exitCode: 2, says: /loans holds no file to publish/ },
  },
  {
    holds: "one bad file among good ones",
    make: () => {
      put("a.csv");
      put("b.csv.gz", gzipSync("a b\n1 2\n").subarray(0, -4));
    },
    refused: { exitCode: 3, says: /loans\/b.csv.gz: compressed with gzip, and broken or cut off/ },
  },
  {
    holds: "1,000 small files",
    make: () => {
      for (let index = 0; index < 1000; index++) put(`${String(index).padStart(4, "0")}.csv`);
    },
    keys: Array.from({ length: 1000 }, (_, index) => `loans/${String(index).padStart(4, "0")}.csv`),
  },
  {
    holds: "too many files",
    make: () => {
      put("0.csv");
      for (let index = 1; index <= 5000; index++) linkSync(at("0.csv"), at(`${index}.csv`));
    },
    refused: { exitCode: 3, says: /more than 5000 files/ },
  },
];

describe("a folder", () => {
  it.each(FOLDERS)("that holds $holds", async ({ make, keys, leftOut = [], refused }) => {
    make();
    if (refused !== undefined) {
      const { exitCode, message } = await refusalOf(folder);
      expect(exitCode).toBe(refused.exitCode);
      expect(message).toMatch(refused.says);
      return;
    }
    const taken = await takeIn(folder);
    expect(taken.parts.map(({ key }) => key)).toEqual(keys);
    expect(taken.leftOut).toEqual(leftOut);
  });

  it("that holds a socket", async () => {
    const server = createServer().listen(at("ask.sock"));
    await once(server, "listening");
    expect(await refusalOf(folder)).toMatchObject({
      exitCode: 3,
      message: expect.stringMatching(/ask.sock: a socket, not a file/),
    });
    server.close();
  });

  it("is called as it is typed, without what it ends in", async () => {
    put("a.csv");
    const { parts } = await takeIn(`${folder}/`);
    expect(parts[0]).toMatchObject({ source: at("a.csv"), key: "loans/a.csv" });
  });
});

describe("a file", () => {
  it("that a link leads to is taken under the link's name", async () => {
    put("a.csv");
    symlinkSync("a.csv", at("latest.csv"));
    expect((await takeIn(at("latest.csv"))).parts).toMatchObject([{ key: "latest.csv" }]);
  });

  it.each([
    { what: "that is not there", path: () => at("none.csv"), exitCode: 2, says: /none.csv: no such file or folder/ },
    {
      what: "that is a device",
      path: () => "/dev/null",
      exitCode: 2,
      says: /\/dev\/null is neither a file nor a folder/,
    },
    {
      what: "that cannot be read",
      path: () => "/proc/self/mem",
      exitCode: 2,
      says: /\/proc\/self\/mem: it cannot be read \(EIO\)/,
    },
    {
      what: "whose name is longer than an object's",
      path: () => {
        const deep = join(folder, ...Array.from({ length: 3 }, () => "d".repeat(200)));
        mkdirSync(deep, { recursive: true });
        writeFileSync(join(deep, "a.csv"), "a b\n1 2\n");
        return folder;
      },
      exitCode: 3,
      says: /its name is longer than 512 bytes/,
    },
  ])("$what", async ({ path, exitCode, says }) => {
    const refusal = await refusalOf(path());
    expect(refusal.exitCode).toBe(exitCode);
    expect(refusal.message).toMatch(says);
  });

  it("that one may not read", async () => {
    put("a.csv");
    chmodSync(at("a.csv"), 0o000);
    // Root reads what nobody may: as root, this is nobody.
    const root = process.geteuid?.() === 0;
    if (root) for (const path of [base, folder]) chmodSync(path, 0o755);
    if (root) process.seteuid?.(65_534);
    try {
      expect(await refusalOf(folder)).toMatchObject({
        exitCode: 2,
        message: expect.stringMatching(/a.csv: permission denied/),
      });
    } finally {
      if (root) process.seteuid?.(0);
    }
  });

  it.each([
    { how: "grows", change: () => appendFileSync(at("live.csv"), "1 2\n") },
    { how: "is written over", change: () => writeFileSync(at("live.csv"), "c d\n", { flag: "r+" }) },
  ])("that $how while it is read is refused", async ({ change }) => {
    put("live.csv", "a b\n".repeat(4_000_000));
    let reading = true;
    const refused = refusalOf(at("live.csv")).finally(() => {
      reading = false;
    });
    while (reading) {
      change();
      await turn();
    }
    const message = expect.stringMatching(/live.csv: the file changed while it was read/);
    expect(await refused).toMatchObject({ exitCode: 3, message });
  });
});

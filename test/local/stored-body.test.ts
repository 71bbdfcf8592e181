import { readFileSync, statSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { beforeAll, describe, expect, it } from "vitest";
import { StoredBody, saveBody, shareBody } from "../../local/stored-body.ts";
import { temporaryFolder } from "../temporary-folder.ts";

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(() => {
  folder = temporaryFolder("body");
  writeFileSync(at("object"), "0123456789");
});

describe("a stored object's body", () => {
  it("is saved as a file of the caller's own", async () => {
    await saveBody(new StoredBody(at("object"), 0, 10), at("own"));
    writeFileSync(at("own"), "changed");
    expect(readFileSync(at("object"), "utf8")).toBe("0123456789");
  });

  it("is shared without a copy", async () => {
    await shareBody(new StoredBody(at("object"), 0, 10), at("shared"));
    expect(statSync(at("shared")).ino).toBe(statSync(at("object")).ino);
  });

  it.each([
    { start: 2, end: 10 },
    { start: 0, end: 9 },
  ])("is only the stretch that was asked for: $start to $end", async ({ start, end }) => {
    const names = [`saved-${start}`, `shared-${start}`].map(at);
    await saveBody(new StoredBody(at("object"), start, end), names[0] ?? "");
    await shareBody(new StoredBody(at("object"), start, end), names[1] ?? "");
    for (const name of names) expect(readFileSync(name, "utf8")).toBe("0123456789".slice(start, end));
  });

  it.each([
    { pieceBytes: 3, start: 1, end: 10, pieces: ["123", "456", "789"] },
    { pieceBytes: 4, start: 0, end: 10, pieces: ["0123", "4567", "89"] },
    { pieceBytes: 100, start: 0, end: 10, pieces: ["0123456789"] },
    { pieceBytes: 4, start: 5, end: 5, pieces: [] },
  ])("comes in pieces of $pieceBytes from $start to $end: $pieces", async ({ pieceBytes, start, end, pieces }) => {
    const seen: string[] = [];
    for await (const piece of new StoredBody(at("object"), start, end).pieces(pieceBytes)) {
      // The next one is read meanwhile, into other memory.
      await stat(at("object"));
      seen.push(piece.toString());
    }
    expect(seen).toEqual(pieces);
  });

  it("tells when its file is shorter than it", async () => {
    const pieces = new StoredBody(at("object"), 0, 12).pieces(8);
    expect((await pieces.next()).value?.toString()).toBe("01234567");
    expect((await pieces.next()).value?.toString()).toBe("89");
    await expect(pieces.next()).rejects.toThrow("expected 12 bytes, found 10");
    await expect(saveBody(new StoredBody(at("object"), 0, 12), at("short"))).rejects.toThrow("found 10");
  });

  it.each([
    ["a stream", Readable.from([Buffer.from("ab"), Buffer.from("c")])],
    ["bytes", Buffer.from("abc")],
    ["text", "abc"],
  ])("may also be %s", async (name, body) => {
    await saveBody(body, at(name));
    expect(readFileSync(at(name), "utf8")).toBe("abc");
  });

  it("must be something", async () => {
    await expect(saveBody(undefined, at("nothing"))).rejects.toThrow("nothing readable");
  });
});

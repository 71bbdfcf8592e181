import { createHash } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { createHandler } from "../../../handlers/curate-product/index.ts";
import { invoke } from "../invoke.ts";
import { chunks, curationText, product, rawFile } from "../sample.ts";

const objects = new Map<string, Buffer>();
const etag = (bytes: Buffer) => createHash("md5").update(bytes).digest("hex");
const writes: string[] = [];
const put = (bucket: string, key: string, body: Uint8Array | string) => {
  writes.push(`${bucket}/${key}`);
  objects.set(`${bucket}/${key}`, Buffer.from(body));
  const written = etag(Buffer.from(body));
  afterWrite();
  return written;
};
/** What somebody else does then. */
let afterWrite: () => void = () => undefined;

const handler = createHandler({
  readParameter: async (name) => (name === "/tidemill/products/credit-card" ? JSON.stringify(product) : undefined),
  readText: async (bucket, key) => objects.get(`${bucket}/${key}`)?.toString(),
  openObject: async (bucket, key, range = "bytes=0-") => {
    const [start = "", end = ""] = range.slice("bytes=".length).split("-");
    const bytes = objects.get(`${bucket}/${key}`)?.subarray(Number(start), end === "" ? undefined : Number(end) + 1);
    return bytes === undefined ? undefined : chunks(bytes);
  },
  writeObject: async (bucket, key, body) => put(bucket, key, body),
  copyObject: async (bucket, from, to) => {
    put(bucket, to, objects.get(`${bucket}/${from}`) ?? Buffer.alloc(0));
  },
  listObjects: async (bucket, prefix) =>
    [...objects].flatMap(([name, bytes]) =>
      name.startsWith(`${bucket}/${prefix}`)
        ? [
            {
              key: name.slice(bucket.length + 1),
              size: bytes.length,
              etag: etag(bytes),
              modified: "2026-01-31T00:00:00.000Z",
            },
          ]
        : [],
    ),
});
const publish = (text: string) => {
  objects.set("landing/incoming/credit-card/kredit.asc", Buffer.from(text));
  return invoke(handler, { product: "credit-card", bucket: "landing", keys: ["incoming/credit-card/kredit.asc"] });
};
const publishTogether = (files: Record<string, string>) => {
  const key = "incoming/credit-card/x/loans";
  objects.set(`landing/${key}`, Buffer.from(Object.values(files).join("")));
  const keys = [
    { key, files: Object.entries(files).map(([name, text]) => ({ name, bytes: Buffer.byteLength(text) })) },
  ];
  return invoke(handler, { product: "credit-card", bucket: "landing", keys });
};

describe("curate-product", () => {
  beforeEach(() => {
    objects.clear();
    writes.length = 0;
    afterWrite = () => undefined;
    objects.set("assets/curation.json", Buffer.from(curationText));
  });

  it("writes the curated table and names its data version", async () => {
    expect(await publish(rawFile)).toMatchObject({
      accepted: true,
      changed: true,
      rows: 1000,
      dataVersion: expect.stringMatching(/^[0-9a-f]{16}$/),
    });
    expect(writes).toEqual(["products/credit_card/credit_card.csv"]);
  });

  it("writes nothing when the same rows come again, and names the same version", async () => {
    const first = await publish(rawFile);
    const second = await publish(rawFile.replaceAll("\n", "\r\n"));
    expect(second).toEqual({ ...first, changed: false });
    expect(writes).toHaveLength(1);
  });

  it("names another version after a change", async () => {
    const first = await publish(rawFile);
    const second = await publish(rawFile + rawFile.split("\n").slice(1, 11).join("\n"));
    expect(second).toMatchObject({ accepted: true, changed: true, rows: 1010 });
    expect(second).not.toMatchObject({ dataVersion: first.accepted ? first.dataVersion : "" });
  });

  it("names the version it wrote although another publishing has written since", async () => {
    const alone = await publish(rawFile);
    objects.delete("products/credit_card/credit_card.csv");
    afterWrite = () => objects.set("products/credit_card/credit_card.csv", Buffer.from("age,bonus\n1,2\n"));
    expect(await publish(rawFile)).toEqual(alone);
  });

  it("quarantines a refused file with its reason and leaves the product as it is", async () => {
    await publish(rawFile);
    const refused = await publish(rawFile.split("\n").slice(0, 300).join("\n"));
    expect(refused).toMatchObject({
      accepted: false,
      reason: expect.stringContaining("taken for a cut file"),
      quarantinedKey: expect.stringMatching(/^quarantine\/[0-9a-f]{16}\/credit-card\/kredit.asc$/),
    });
    expect(writes.filter((key) => key.startsWith("products/"))).toHaveLength(1);
    const key = refused.accepted ? "" : refused.quarantinedKey;
    expect(JSON.parse(objects.get(`landing/${key}.reason.json`)?.toString() ?? "")).toMatchObject({ line: 300 });
  });

  it("quarantines of several files the one at fault, and takes none", async () => {
    objects.set("landing/incoming/credit-card/x/a.asc", Buffer.from(rawFile));
    objects.set("landing/incoming/credit-card/x/b.asc", Buffer.from("a b\n1 2\n"));
    const keys = ["incoming/credit-card/x/a.asc", "incoming/credit-card/x/b.asc"];
    const refused = await invoke(handler, { product: "credit-card", bucket: "landing", keys });
    expect(refused).toMatchObject({
      accepted: false,
      file: "incoming/credit-card/x/b.asc",
      line: 1,
      quarantinedKey: expect.stringMatching(/^quarantine\/[0-9a-f]{16}\/credit-card\/x\/b.asc$/),
    });
    expect(writes.filter((key) => !key.startsWith("landing/quarantine/"))).toEqual([]);
  });

  it("takes files that lie end to end in one object for the version they are in objects of their own", async () => {
    const alone = await publish(rawFile);
    const lines = rawFile.trimEnd().split("\n");
    const texts = [lines.slice(0, 301), [lines[0], ...lines.slice(301)]].map((part) => part.join("\n"));
    expect(await publishTogether({ "loans/a.asc": texts[0] ?? "", "loans/b.asc": texts[1] ?? "" })).toEqual({
      ...alone,
      changed: false,
    });
  });

  it.each([
    { what: "one in the middle", bad: "a b\n1 2\n", says: /^not a file of this product/ },
    { what: "an empty one", bad: "", says: /^the file is empty/ },
  ])("quarantines of files in one object the one at fault alone: $what", async ({ bad, says }) => {
    const refused = await publishTogether({ "loans/a.asc": rawFile, "loans/b.asc": bad, "loans/c.asc": rawFile });
    expect(refused).toMatchObject({
      accepted: false,
      file: "loans/b.asc",
      reason: expect.stringMatching(says),
      line: 1,
      quarantinedKey: expect.stringMatching(/^quarantine\/[0-9a-f]{16}\/credit-card\/loans\/b.asc$/),
    });
    const key = refused.accepted ? "" : refused.quarantinedKey;
    expect(objects.get(`landing/${key}`)?.toString()).toBe(bad);
  });

  it("fails on an object that ends before the files in it", async () => {
    objects.set("landing/incoming/credit-card/x/loans", Buffer.from(rawFile));
    const files = [{ name: "loans/a.asc", bytes: rawFile.length + 1 }];
    const keys = [{ key: "incoming/credit-card/x/loans", files }];
    await expect(invoke(handler, { product: "credit-card", bucket: "landing", keys })).rejects.toThrow(
      "incoming/credit-card/x/loans ends before the files it holds, 1 bytes of one are lacking",
    );
  });

  it("says which product it does not know", async () => {
    const asked = invoke(handler, { product: "loans", bucket: "landing", keys: ["incoming/loans/x.csv"] });
    await expect(asked).rejects.toThrow('no data product "loans"');
  });
});

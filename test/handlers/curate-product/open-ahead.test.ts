import { describe, expect, it } from "vitest";
import { openAhead } from "../../../handlers/curate-product/open-ahead.ts";
import { chunks } from "../sample.ts";

const keys = Array.from({ length: 20 }, (_, index) => `k${index}`);

/** Opens what it is asked for, and keeps count. */
function opener() {
  const opened: string[] = [];
  const open = async (key: string) => {
    opened.push(key);
    if (key === "k5") throw new Error("k5 is not there");
    return chunks(key);
  };
  return { opened, open };
}

describe("openAhead", () => {
  it("asks for eight files more than are read, each once, in their order", async () => {
    const { opened, open } = opener();
    const { files } = openAhead(keys, open);
    expect(opened).toEqual([]);
    await files[0]?.open();
    expect(opened).toEqual(keys.slice(0, 9));
    await files[1]?.open();
    expect(opened).toEqual(keys.slice(0, 10));
  });

  it("gives each its own bytes, and tells a failure where that file is read", async () => {
    const { opened, open } = opener();
    const { files, close } = openAhead(keys, open);
    for (const { name, open: openOne } of files) {
      if (name === "k5") await expect(openOne()).rejects.toThrow("k5 is not there");
      else for await (const bytes of await openOne()) expect(Buffer.from(bytes).toString()).toBe(name);
    }
    await close();
    expect(opened).toEqual(keys);
  });

  it("lets go of what was not read", async () => {
    const asked: string[] = [];
    const released: string[] = [];
    const { files, close } = openAhead(keys, async (key) => {
      asked.push(key);
      return {
        [Symbol.asyncIterator]: () => ({
          next: async () => ({ done: true, value: undefined }),
          return: async () => {
            released.push(key);
            return { done: true, value: undefined };
          },
        }),
      };
    });
    await files[0]?.open();
    await close();
    expect(released).toEqual(asked.slice(1));
  });
});

import { describe, expect, it } from "vitest";
import { pageByOffset } from "../../local/page-by-offset.ts";

describe("pageByOffset", () => {
  it("gives all of a list, page by page, and no token with the last", () => {
    const all = [1, 2, 3, 4, 5];
    const seen: number[][] = [];
    let token: string | undefined;
    do {
      const page = pageByOffset(all, 2, token);
      seen.push(page?.items ?? []);
      token = page?.nextToken;
    } while (token !== undefined);
    expect(seen).toEqual([[1, 2], [3, 4], [5]]);
  });

  it.each(["", "x", "-1", "1.5", "1e3", " 1", "99999999999999999999"])("refuses a token of %j", (text) => {
    expect(pageByOffset([1], 1, Buffer.from(text).toString("base64url"))).toBeUndefined();
  });
});

import { describe, expect, it } from "vitest";
import { soon } from "../../../handlers/step/soon.ts";

const turn = () => new Promise(setImmediate);

describe("soon", () => {
  it("loads once, after the handler's own import and before anyone asks", async () => {
    let loads = 0;
    const module = soon(async () => ++loads);
    expect(loads).toBe(0);
    await turn();
    expect(loads).toBe(1);
    expect(await Promise.all([module(), module()])).toEqual([1, 1]);
  });

  it("loads at once for who cannot wait, and not again", async () => {
    let loads = 0;
    const module = soon(async () => ++loads);
    expect(await module()).toBe(1);
    await turn();
    expect(await module()).toBe(1);
  });

  it("tries again where loading ahead failed, and tells who asks of the failure", async () => {
    const failures = [new Error("ahead"), new Error("asked for")];
    const module = soon(async () => {
      throw failures.shift();
    });
    await turn();
    await turn();
    await expect(module()).rejects.toThrow("asked for");
  });
});

import { describe, expect, it } from "vitest";
import { sideBySide } from "../../../../local/services/sagemaker/side-by-side.ts";

/** Work that ends when it is told to. */
function held() {
  const begun: number[] = [];
  const ends = new Map<number, PromiseWithResolvers<void>>();
  const work = (thing: number) => {
    begun.push(thing);
    const end = Promise.withResolvers<void>();
    ends.set(thing, end);
    return end.promise;
  };
  return {
    begun,
    work,
    end: (thing: number) => ends.get(thing)?.resolve(),
    fail: (thing: number, why: string) => ends.get(thing)?.reject(new Error(why)),
  };
}

const turn = () => new Promise(setImmediate);

describe("things done side by side", () => {
  it("are begun in order, four at once, the next when one has ended", async () => {
    const { begun, work, end } = held();
    const all = sideBySide([1, 2, 3, 4, 5, 6], work);
    expect(begun).toEqual([1, 2, 3, 4]);
    end(3);
    await turn();
    expect(begun).toEqual([1, 2, 3, 4, 5]);
    for (const thing of [1, 2, 4, 5]) end(thing);
    await turn();
    end(6);
    await all;
    expect(begun).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it("end with what failed first, when all under way have ended, and begin no more", async () => {
    const { begun, work, end, fail } = held();
    let over = false;
    const all = sideBySide([1, 2, 3, 4, 5], work).finally(() => {
      over = true;
    });
    all.catch(() => undefined);
    fail(2, "second");
    await turn();
    fail(1, "first, but later");
    end(3);
    await turn();
    expect(over).toBe(false);
    end(4);
    await expect(all).rejects.toThrow("second");
    expect(begun).toEqual([1, 2, 3, 4]);
  });

  it("may be none", async () => {
    await expect(sideBySide([], () => Promise.reject(new Error("never")))).resolves.toBeUndefined();
  });
});

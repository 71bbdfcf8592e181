import { describe, expect, it } from "vitest";
import { type JsonValue, simulate } from "../../../engine/index.ts";

/** One state after the other, each assigning its variable the input's text. */
function chain(variables: readonly string[]) {
  const states = variables.map((variable, index) => [
    `S${index}`,
    {
      Type: "Pass",
      Assign: { [variable]: "{% $states.input.text %}" },
      ...(index + 1 < variables.length ? { Next: `S${index + 1}` } : { End: true }),
    },
  ]);
  return { QueryLanguage: "JSONata", StartAt: "S0", States: Object.fromEntries(states) };
}
const input = (length: number): JsonValue => ({ text: "x".repeat(length) });
const ended = async (definition: object, given: JsonValue) => {
  const { status, error, cause } = await simulate(JSON.stringify(definition), { input: given });
  return { status, error, cause };
};
const names = (count: number) => Array.from({ length: count }, (_, index) => `v${index}`);

describe("the variables of an execution", () => {
  it("have at most 10 MiB together", async () => {
    const exceeded = {
      status: "FAILED",
      error: "States.DataLimitExceeded",
      cause: expect.stringContaining("'S50' assigned variables with a size exceeding"),
    };
    // 51 × 209,715 bytes are 10 MiB and more; 50 are less.
    expect(await ended(chain(names(50)), input(209_713))).toMatchObject({ status: "SUCCEEDED" });
    expect(await ended(chain(names(51)), input(209_713))).toEqual(exceeded);
  });

  it("count once, however often they are assigned again", async () => {
    expect(await ended(chain(Array(60).fill("v")), input(209_713))).toMatchObject({ status: "SUCCEEDED" });
    expect(await ended(chain([...names(50), "v0"]), input(209_713))).toMatchObject({ status: "SUCCEEDED" });
  });

  it("count no more when their scope has ended", async () => {
    const each = { Type: "Map", Items: "{% [1..60] %}", MaxConcurrency: 1, ItemSelector: "{% $states.input %}" };
    const processor = {
      StartAt: "Keep",
      States: { Keep: { Type: "Pass", Assign: { v: "{% $states.input.text %}" }, Output: 1, End: true } },
    };
    const machine = {
      QueryLanguage: "JSONata",
      StartAt: "Each",
      States: { Each: { ...each, ItemProcessor: processor, End: true } },
    };
    expect(await ended(machine, input(209_713))).toMatchObject({ status: "SUCCEEDED" });
  });
});

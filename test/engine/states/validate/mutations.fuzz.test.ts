import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDefinition, printDefinition, SimulationError, simulate } from "../../../../engine/index.ts";
import { INPUT, JSONATA, JSONPATH } from "./fixtures/whole-language.ts";

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
type Holder = Json[] | { [name: string]: Json };
type Mutation = Readonly<{ at: number; change: "drop" | "replace" | "rename" | "swap"; value: Json; other: number }>;

/** Values that stand somewhere in definitions, so that a mutation looks like a mistake and not like noise. */
const TELLING: readonly Json[] = [
  ...[
    null,
    true,
    false,
    0,
    -1,
    1.5,
    1e21,
    "",
    "$",
    "$.",
    "$.a[",
    "$$",
    "$x",
    "$.n",
    "{% $ %}",
    "{% 1 + %}",
    "{% $n %}",
  ],
  ...[
    "{% $states.result %}",
    "States.ALL",
    "States.Format('{}')",
    "States.Nope(1)",
    "2024-01-01T00:00:00Z",
    "One",
    "Each",
  ],
  ...["JSONPath", "JSONata", "Pass", "Task", "Map", "arn:aws:states:::sqs:sendMessage", [], {}, [[]], { "a.$": "b" }],
  ...[{ Type: "Pass", End: true }, { StartAt: "X", States: {} }, [{ ErrorEquals: [] }], "__proto__", "constructor"],
];

const mutation: fc.Arbitrary<Mutation> = fc.record({
  at: fc.nat(),
  change: fc.constantFrom("drop", "replace", "rename", "swap"),
  value: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(...TELLING) },
    { weight: 1, arbitrary: fc.jsonValue().map(plain) },
  ),
  other: fc.nat(),
});

describe("a mutated definition", () => {
  it("starts from definitions that hold and run", async () => {
    for (const source of [JSONPATH, JSONATA]) {
      const text = JSON.stringify(source);
      expect(parseDefinition(text).diagnostics).toEqual([]);
      expect((await simulate(text, { input: INPUT })).status).toBe("SUCCEEDED");
    }
  });

  it("gives diagnostics with a place, or runs; it never throws", async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(JSONPATH, JSONATA), fc.array(mutation, { minLength: 1, maxLength: 3 }), judge),
      { numRuns: 300 },
    );
  }, 30_000);

  it("refuses cut and garbled text at a line and column", () => {
    const text = JSON.stringify(JSONPATH, null, 1);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.constantFrom("", "{", '"', ",", "\\", "\u0000", "nul"), (at, put) => {
        const { diagnostics } = parseDefinition(text.slice(0, at) + put + text.slice(at + 1));
        for (const { code, line, column } of diagnostics)
          if (code === "INVALID_JSON_DESCRIPTION")
            expect([line, column].every((place) => Number(place) > 0)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

async function judge(source: Json, mutations: readonly Mutation[]): Promise<void> {
  const mutated = mutations.reduce(mutate, plain(source));
  const text = JSON.stringify(mutated);
  const { definition, diagnostics } = parseDefinition(text);
  if (definition === undefined) {
    expect(diagnostics.some(({ severity }) => severity === "ERROR")).toBe(true);
    for (const { code, location } of diagnostics) if (location === "") expect(code).toBe("MISSING_END_STATE");
    return;
  }
  expect(parseDefinition(printDefinition(definition)).definition).toEqual(definition);
  const run = await simulate(text, { input: INPUT, stopWhenIdle: true }).catch(endless);
  expect(["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "ENDLESS"]).toContain(run.status);
}

/** A mutation may close a loop; the simulation stops it. */
function endless(thrown: unknown): { status: string } {
  if (thrown instanceof SimulationError && thrown.code === "Endless") return { status: "ENDLESS" };
  throw thrown;
}

function plain(value: unknown): Json {
  return JSON.parse(JSON.stringify(value));
}

function mutate(source: Json, { at, change, value, other }: Mutation): Json {
  const members: [Holder, string][] = [];
  collect(source, members);
  const put = change === "swap" ? null : plain(value);
  const [holder, key] = members[at % members.length] ?? [[], "0"];
  const [from, fromKey] = members[other % members.length] ?? [[], "0"];
  if (Array.isArray(holder)) holder[Number(key)] = change === "swap" ? copyOf(from, fromKey) : put;
  else if (change === "drop") delete holder[key];
  else if (change === "rename") {
    holder[fromKey] = holder[key] ?? null;
    delete holder[key];
  } else holder[key] = change === "swap" ? copyOf(from, fromKey) : put;
  return source;
}

function copyOf(holder: Holder, key: string): Json {
  return plain((Array.isArray(holder) ? holder[Number(key)] : holder[key]) ?? null);
}

function collect(value: Json, members: [Holder, string][]): void {
  if (typeof value !== "object" || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    members.push([value, key]);
    collect(member, members);
  }
}

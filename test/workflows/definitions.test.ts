import { readdirSync, readFileSync } from "node:fs";
import jsonata from "jsonata";
import { describe, expect, it } from "vitest";
import { z } from "zod";

const folder = new URL("../../workflows/", import.meta.url);
const readme = readFileSync(new URL("../../handlers/README.md", import.meta.url), "utf8");
const NAMES = readdirSync(folder).flatMap((file) => (file.endsWith(".asl.json") ? [file.slice(0, -9)] : []));

const Retrier = z.looseObject({ ErrorEquals: z.array(z.string()) });
const Catcher = z.looseObject({ ErrorEquals: z.array(z.string()), Next: z.string() });
type State = z.infer<typeof BaseState> & {
  ItemProcessor?: { StartAt: string; States: Record<string, State> } | undefined;
};
const BaseState = z.looseObject({
  Type: z.string(),
  Next: z.string().optional(),
  Default: z.string().optional(),
  End: z.boolean().optional(),
  Resource: z.string().optional(),
  TimeoutSeconds: z.number().optional(),
  Retry: z.array(Retrier).optional(),
  Catch: z.array(Catcher).optional(),
  Choices: z.array(z.looseObject({ Next: z.string() })).optional(),
});
const AnyState: z.ZodType<State> = BaseState.extend({
  ItemProcessor: z
    .looseObject({
      StartAt: z.string(),
      States: z.record(
        z.string(),
        z.lazy(() => AnyState),
      ),
    })
    .optional(),
});
const Definition = z.looseObject({
  QueryLanguage: z.literal("JSONata"),
  StartAt: z.string(),
  States: z.record(z.string(), AnyState),
});

const textOf = (name: string) => readFileSync(new URL(`${name}.asl.json`, folder), "utf8");

type Level = { StartAt: string; States: Record<string, State> };
const levelsOf = (level: Level): Level[] => [
  level,
  ...Object.values(level.States).flatMap((state) =>
    state.ItemProcessor === undefined ? [] : levelsOf(state.ItemProcessor),
  ),
];
const targetsOf = (state: State) =>
  [
    state.Next,
    state.Default,
    ...(state.Choices ?? []).map(({ Next }) => Next),
    ...(state.Catch ?? []).map(({ Next }) => Next),
  ].flatMap((next) => next ?? []);

describe.each(NAMES)("%s", (name) => {
  const levels = levelsOf(Definition.parse(JSON.parse(textOf(name))));
  const states = levels.flatMap((level) => Object.entries(level.States));

  it("gives every task a timeout, retries for what passes and a catch for what does not", () => {
    for (const [title, state] of states.filter(([, { Type }]) => Type === "Task")) {
      expect(state.TimeoutSeconds, title).toBeGreaterThan(0);
      expect(state.Retry?.length, title).toBeGreaterThan(0);
      expect(
        state.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals),
        title,
      ).not.toContain("States.ALL");
      expect(state.Catch?.at(-1)?.ErrorEquals, title).toEqual(["States.ALL"]);
    }
  });

  it("reaches every state, and names no other", () => {
    for (const { StartAt, States } of levels) {
      const reached = new Set([StartAt, ...Object.values(States).flatMap(targetsOf)]);
      expect([...reached].sort()).toEqual(Object.keys(States).sort());
    }
  });

  it("announces every failure once before it fails", () => {
    const failing = states.filter(([, { Type }]) => Type === "Fail").map(([title]) => title);
    expect(failing).toEqual(["Failed"]);
    expect(textOf(name).match(/"DetailType": "Model Lifecycle Failed"/g)?.length).toBe(levels.length);
  });

  it("polls nothing: no Wait, and jobs are run in sync", () => {
    expect(states.filter(([, { Type }]) => Type === "Wait")).toEqual([]);
    for (const [title, { Resource }] of states) {
      if (/create(Processing|Training)Job|startQueryExecution|states:startExecution/.test(Resource ?? ""))
        expect(Resource, title).toMatch(/\.sync(:2)?$/);
    }
  });

  it("holds JSONata that parses", () => {
    for (const [whole, expression] of textOf(name).matchAll(/"\{% ((?:[^"\\]|\\.)*) %\}"/g)) {
      expect(() => jsonata(JSON.parse(`"${expression}"`)), whole).not.toThrow();
    }
  });

  it("has every substitution documented", () => {
    for (const [, substitution] of textOf(name).matchAll(/\$\{(\w+)\}/g))
      expect(readme).toContain(`\`${substitution}\``);
  });
});

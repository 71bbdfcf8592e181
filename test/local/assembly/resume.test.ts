import { fc, test } from "@fast-check/vitest";
import { describe, expect, it } from "vitest";
import { applyAssembly } from "../../../local/assembly/index.ts";
import { SampleHome, type SampleStack, writeAssembly } from "./sample-assembly.ts";

const apply = (home: SampleHome, directory: string) =>
  applyAssembly({ directory, home: home.ports, resourceTypes: home.types });

/** A stack of resources R0…, each perhaps referring to earlier ones; some named, some of the type that is always replaced. */
const stack = fc
  .array(
    fc.record({
      present: fc.boolean(),
      fixed: fc.boolean(),
      named: fc.boolean(),
      value: fc.nat(3),
      refers: fc.option(fc.nat(20), { nil: undefined }),
    }),
    { maxLength: 8 },
  )
  .map((recipes): SampleStack => {
    const present = recipes.flatMap((recipe, index) => (recipe.present ? [{ ...recipe, index }] : []));
    const entries = present.map(({ index, fixed, named, value, refers }, place) => {
      const target = refers === undefined || place === 0 ? undefined : present[refers % place];
      const Properties = {
        ...(named ? { Name: `name${index}` } : {}),
        value,
        ...(target ? { of: { Ref: `R${target.index}` } } : {}),
      };
      return [`R${index}`, { Type: fixed ? "Test::Fixed" : "Test::Thing", Properties }];
    });
    return { Resources: Object.fromEntries(entries) };
  });

const worldOf = (home: SampleHome) =>
  [...home.things]
    .map(
      ([id, { properties }]) =>
        `${id.replace(/-[A-Z0-9]{12}$/, "")} ${JSON.stringify(properties).replace(/-[A-Z0-9]{12}/g, "")}`,
    )
    .toSorted();

describe("applying again", () => {
  test.prop([stack, stack], { numRuns: 60 })(
    "leaves exactly the second assembly, whatever the first was",
    async (first, second) => {
      const home = new SampleHome();
      await apply(home, writeAssembly({ app: first }));
      await apply(home, writeAssembly({ app: second }));
      const fresh = new SampleHome();
      await apply(fresh, writeAssembly({ app: second }));
      expect(worldOf(home)).toEqual(worldOf(fresh));
    },
  );

  test.prop([stack, fc.nat(7)], { numRuns: 60 })(
    "goes on where a failed apply stopped, making nothing twice",
    async (template, failAt) => {
      const home = new SampleHome();
      const directory = writeAssembly({ app: template });
      let creates = 0;
      home.beforeCreate = () => {
        if (creates++ === failAt) throw new Error("killed");
      };
      await apply(home, directory).catch(() => undefined);
      home.beforeCreate = () => {};
      await apply(home, directory);
      expect(home.journal.length).toBe(Object.keys(template.Resources ?? {}).length);
      expect(new Set(home.journal).size).toBe(home.journal.length);
    },
  );

  it("creates again under the same name when it was killed between create and its record", async () => {
    const home = new SampleHome();
    const directory = writeAssembly({ app: { Resources: { A: { Type: "Test::Thing", Properties: {} } } } });
    const types = home.types;
    const thing = types.get("Test::Thing");
    if (!thing) throw new Error("no Test::Thing");
    const dying = {
      ...thing,
      create: async (...args: Parameters<typeof thing.create>) => {
        await thing.create(...args);
        throw new Error("killed");
      },
    };
    await applyAssembly({ directory, home: home.ports, resourceTypes: new Map([["Test::Thing", dying]]) }).catch(
      () => undefined,
    );
    await apply(home, directory);
    expect(home.things.size).toBe(1);
  });

  it("tells which resource failed and why", async () => {
    const home = new SampleHome();
    home.beforeCreate = () => {
      throw new Error("no room");
    };
    const directory = writeAssembly({ app: { Resources: { A: { Type: "Test::Thing" } } } });
    await expect(apply(home, directory)).rejects.toThrow("app/A (Test::Thing) could not be created: no room");
  });
});

describe("an update that failed half-way", () => {
  const of = (Resources: SampleStack["Resources"]) => writeAssembly({ app: Resources ? { Resources } : {} });
  const thing = (v: number) => ({ A: { Type: "Test::Thing", Properties: { v } } });
  const halfUpdated = async () => {
    const home = new SampleHome();
    await apply(home, of(thing(1)));
    const types = home.types;
    const whole = types.get("Test::Thing");
    if (whole === undefined) throw new TypeError("no Test::Thing");
    const update: typeof whole.update = (properties, current) => {
      home.things.set(current.physicalId, { properties });
      throw new Error("half-way");
    };
    types.set("Test::Thing", { ...whole, update });
    const failing = applyAssembly({ directory: of(thing(2)), home: home.ports, resourceTypes: types });
    await expect(failing).rejects.toThrow("half-way");
    return home;
  };
  const values = (home: SampleHome) => [...home.things.values()].map(({ properties }) => properties);

  it("is undone by the assembly as it was", async () => {
    const home = await halfUpdated();
    const { updated } = await apply(home, of(thing(1)));
    expect(updated).toMatchObject([{ logicalId: "A" }]);
    expect(values(home)).toEqual([{ v: 1 }]);
  });

  it("is done by the next up, and leaves nothing that could not be deleted", async () => {
    const home = await halfUpdated();
    await apply(home, of(thing(2)));
    expect(values(home)).toEqual([{ v: 2 }]);
    const other = await halfUpdated();
    await apply(other, of(undefined));
    expect(values(other)).toEqual([]);
  });
});

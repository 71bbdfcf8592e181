/** kill -9 between two commits of an apply: whatever was durable then, the next one ends as if nothing had happened. */
import { copyFileSync, existsSync, mkdtempSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { applyAssembly } from "../../../local/assembly/index.ts";
import { type Home, openHome } from "../../../local/home.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { everyType, type Variant } from "./every-type.ts";

const FIRST: Variant = { name: "one", text: "first" };

let folder: string;

/** Declares the tests: of every `step`th moment, beginning with one that TIDEMILL_SEED chooses. */
export function describeKilledApplies(step: number): void {
  const seed = Number(process.env.TIDEMILL_SEED ?? Date.now() % 1_000_000);

  beforeAll(() => {
    folder = temporaryFolder("killed-apply");
  });

  describe.each([
    { change: "everything is made", from: undefined, to: FIRST },
    { change: "everything is updated", from: FIRST, to: { name: "one", text: "third" } },
    { change: "everything is replaced", from: FIRST, to: { name: "two", text: "first" } },
    { change: "most of it is deleted", from: FIRST, to: { ...FIRST, less: true } },
  ])(`an apply by which $change (TIDEMILL_SEED=${seed})`, { timeout: 600_000 }, ({ from, to }) => {
    it("ends as one that nothing disturbed, wherever it was killed", async () => {
      const home = mkdtempSync(join(folder, "home-"));
      if (from !== undefined) await apply(home, everyType(from));
      const wanted = everyType(to);
      const images = await apply(home, wanted);
      const expected = await told(home);
      expect(images.length).toBeGreaterThan(10);
      const differing: unknown[] = [];
      for (const [place, image] of images.entries()) {
        if ((place + seed) % step !== 0) continue;
        const found = await apply(image, wanted).then(
          () => told(image),
          (thrown: unknown) => [String(thrown)],
        );
        const difference = found.filter((line) => !expected.includes(line));
        if (difference.length > 0) differing.push({ place, difference });
      }
      expect(differing).toEqual([]);
    });
  });
}

/** Applies in a home of its own. @returns copies of the home as every commit left it */
async function apply(directory: string, assembly: string): Promise<string[]> {
  const home = await openHome({ directory });
  const images: string[] = [];
  let before = "";
  let watching = true;
  const watch = async () => {
    while (watching) {
      const state = sizes(directory);
      if (state !== before) images.push(image(directory));
      before = state;
      await new Promise(setImmediate);
    }
  };
  const watched = watch();
  try {
    await applyAssembly({ directory: assembly, home: home.ports, resourceTypes: home.resourceTypes });
  } finally {
    watching = false;
    await watched;
    await home.close();
  }
  return images;
}

const FILES = ["home.db", "home.db-wal", "port"];

function sizes(directory: string): string {
  const path = FILES.map((name) => join(directory, name)).filter(existsSync);
  return JSON.stringify(path.map((one) => [statSync(one).size, statSync(one, { bigint: true }).mtimeNs.toString()]));
}

function image(directory: string): string {
  const target = mkdtempSync(join(folder, "image-"));
  for (const name of FILES)
    if (existsSync(join(directory, name))) copyFileSync(join(directory, name), join(target, name));
  return target;
}

/** Ids, which are other ones each time. */
const RANDOM = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** How many rows each table has, and what each resource is: a thing made twice or left behind shows. */
async function told(directory: string): Promise<readonly string[]> {
  const home = await openHome({ directory });
  try {
    return contents(home);
  } finally {
    await home.close();
  }
}

function contents({ ports: { store } }: Home): readonly string[] {
  const tables = store.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all();
  const counts = tables.map(({ name }) => {
    const { rows } = store.prepare(`SELECT count(*) AS rows FROM "${name}"`).get() ?? {};
    return `${name} has ${rows} rows`;
  });
  const resources = store.prepare("SELECT * FROM assembly_resources ORDER BY logical_id").all();
  return [
    ...counts,
    ...resources.map(({ logical_id, status, generation, properties }) =>
      `${logical_id} ${status} ${generation} ${properties}`.replaceAll(RANDOM, "random"),
    ),
  ];
}

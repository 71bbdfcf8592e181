/** A home is where the assembly that it is made for says it is. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { applyAssembly, placeOfAssembly, readAssembly } from "../../../local/assembly/index.ts";
import { openHome } from "../../../local/home.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { SampleHome, writeAssembly } from "./sample-assembly.ts";

let directory: string;
beforeEach(() => {
  directory = temporaryFolder("place");
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** An assembly of stacks without resources, each in an environment. */
function assemblyIn(environments: readonly string[]): string {
  const assembly = writeAssembly(Object.fromEntries(environments.map((_, index) => [`s${index}`, {}])));
  const path = join(assembly, "manifest.json");
  const manifest = JSON.parse(readFileSync(path, "utf8"));
  for (const [index, environment] of environments.entries()) manifest.artifacts[`s${index}`].environment = environment;
  writeFileSync(path, JSON.stringify(manifest));
  return assembly;
}

it.each([
  { environments: ["aws://123456789012/eu-west-1"], place: { accountId: "123456789012", region: "eu-west-1" } },
  { environments: ["aws://unknown-account/unknown-region"], place: {} },
  { environments: ["aws://unknown-account/us-gov-west-1"], place: { region: "us-gov-west-1" } },
  {
    environments: ["aws://123456789012/eu-west-1", "aws://123456789012/us-east-1"],
    place: { accountId: "123456789012" },
  },
  {
    environments: ["aws://123456789012/eu-west-1", "aws://unknown-account/unknown-region"],
    place: { accountId: "123456789012", region: "eu-west-1" },
  },
])("reads $environments", ({ environments, place }) => {
  expect(placeOfAssembly(readAssembly(assemblyIn(environments)))).toEqual(place);
});

it("is kept by the home that was made there, whatever is asked for later", async () => {
  const first = await openHome({ directory, accountId: "123456789012", region: "eu-west-1" });
  await first.close();
  const second = await openHome({ directory, accountId: "999999999999" });
  await second.close();
  expect([second.accountId, second.region]).toEqual(["123456789012", "eu-west-1"]);
});

it("is asked for where its file is damaged", async () => {
  writeFileSync(join(directory, "place.json"), "{");
  await expect(openHome({ directory })).rejects.toThrow("place.json does not say the home's account and region");
});

it("is told of where the home is elsewhere", async () => {
  const home = new SampleHome();
  const told: string[] = [];
  const ports = { ...home.ports, log: (_level: string, message: string) => void told.push(message) };
  const up = (environment: string) =>
    applyAssembly({ directory: assemblyIn([environment]), home: ports, resourceTypes: home.types });
  await up("aws://000000000000/eu-central-1");
  expect(told).toEqual([]);
  await up("aws://123456789012/eu-central-1");
  expect(told).toEqual([expect.stringContaining("s0 is for aws://123456789012/eu-central-1, and this home is")]);
});

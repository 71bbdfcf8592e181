/** The app's cloud assembly for tests, made once for all of them: later callers find it up to date. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { synthesize } from "../../infra/synth.ts";

export const PROJECT = join(import.meta.dirname, "..", "..");

const Resource = z.looseObject({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  DeletionPolicy: z.string().optional(),
});
const Template = z.looseObject({ Resources: z.record(z.string(), Resource) });
export type Resource = z.infer<typeof Resource> & { id: string; stack: string };

export const STACKS = ["tidemill-producer", "tidemill-governance", "tidemill-ml", "tidemill-observability"] as const;

/** A context each in an account of its own. */
export const FOUR_ACCOUNTS = {
  producerAccount: "111111111111",
  mlAccount: "222222222222",
  governanceAccount: "333333333333",
  observabilityAccount: "444444444444",
  region: "eu-central-1",
} as const;
/** The catalog, the data and the models apart; alarms with the models. */
export const THREE_ACCOUNTS = {
  producerAccount: "111111111111",
  mlAccount: "222222222222",
  governanceAccount: "333333333333",
  region: "eu-central-1",
} as const;

let synthesized: Promise<string> | undefined;

/** @returns the assembly's folder, the same for all tests of a file */
export function testAssembly(): Promise<string> {
  const cached = join(PROJECT, "node_modules", ".cache", "tidemill", "cdk.out");
  synthesized ??= synthesize({ directory: cached }).then(({ directory }) => directory);
  return synthesized;
}

/** @returns the folder of the app's assembly for the accounts of a CDK context */
export async function assemblyOf(context: Readonly<Record<string, string>>): Promise<string> {
  const name = `cdk.out-${new Set(Object.values(context)).size}`;
  const { directory } = await synthesize({
    directory: join(PROJECT, "node_modules", ".cache", "tidemill", name),
    context,
  });
  return directory;
}

/** Every resource of every stack. */
export async function allResources(): Promise<Resource[]> {
  return resourcesIn(await testAssembly());
}

/** Every resource of every stack of an assembly. */
export function resourcesIn(directory: string): Resource[] {
  return STACKS.flatMap((stack) => {
    const text = readFileSync(join(directory, `${stack}.template.json`), "utf8");
    const { Resources } = Template.parse(JSON.parse(text));
    return Object.entries(Resources).map(([id, resource]) => ({ ...resource, id, stack }));
  });
}

/** The resources of one type, at least one. */
export async function resourcesOf(type: string): Promise<Resource[]> {
  const found = (await allResources()).filter((resource) => resource.Type === type);
  if (found.length === 0) throw new Error(`the app has no resource of type ${type}`);
  return found;
}

/** Cloud assemblies on disk and a home of one generic resource type, for the assembly tests. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { ApplyPorts } from "../../../local/assembly/index.ts";
import { AwsError } from "../../../local/aws-error.ts";
import { systemClock } from "../../../local/clock.ts";
import type { ResourceType } from "../../../local/define-service.ts";
import { openStore, type Store } from "../../../local/store/index.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

export interface SampleStack {
  Resources?: Record<string, unknown>;
  [section: string]: unknown;
}

/** Writes `cdk.out` with these stacks; `files` are extra files by relative path, `assets` the asset manifest's `files`. */
export function writeAssembly(
  stacks: Record<string, SampleStack>,
  extra: {
    files?: Record<string, string>;
    assets?: Record<string, unknown>;
    dependencies?: Record<string, string[]>;
  } = {},
  directory = temporaryFolder("assembly"),
): string {
  const artifacts: Record<string, unknown> = { Tree: { type: "cdk:tree", properties: { file: "tree.json" } } };
  for (const [name, template] of Object.entries(stacks)) {
    artifacts[name] = {
      type: "aws:cloudformation:stack",
      properties: { templateFile: `${name}.template.json` },
      dependencies: extra.dependencies?.[name] ?? [],
    };
    write(directory, `${name}.template.json`, JSON.stringify(template));
  }
  if (extra.assets) {
    artifacts.assets = { type: "cdk:asset-manifest", properties: { file: "all.assets.json" } };
    write(directory, "all.assets.json", JSON.stringify({ version: "1", files: extra.assets }));
  }
  for (const [path, text] of Object.entries(extra.files ?? {})) write(directory, path, text);
  write(directory, "manifest.json", JSON.stringify({ version: "41.0.0", artifacts }));
  return directory;
}

function write(directory: string, path: string, text: string): void {
  const full = join(directory, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
}

const Typed = z.strictObject({
  Name: z.string().optional(),
  Size: z.number().int().optional(),
  On: z.boolean().optional(),
  Text: z.string().optional(),
  Inner: z.strictObject({ Kind: z.enum(["A", "B"]) }).optional(),
});

export interface Thing {
  properties: unknown;
}

/** A world of things by physical id, and the journal of what was done to it. */
export class SampleHome {
  readonly things = new Map<string, Thing>();
  readonly journal: string[] = [];
  readonly objects = new Map<string, Uint8Array>();
  readonly ports: ApplyPorts;
  /** Called before each create; may throw. */
  beforeCreate: (logicalId: string) => void = () => {};

  constructor(store: Store = openStore(":memory:"), directory = temporaryFolder("assembly")) {
    this.ports = {
      accountId: "000000000000",
      region: "eu-central-1",
      directory,
      clock: systemClock,
      store,
      log: () => {},
      call: async (service, operation, input) => this.#call(service, operation, input),
    };
  }

  /** "Test::Thing" updates in place unless its Name changes; "Test::Fixed" is always replaced; "Test::Typed" says what it takes. */
  get types(): Map<string, ResourceType> {
    const thing: ResourceType = {
      unsupported: ({ Impossible }) => (Impossible === true ? "it is impossible" : undefined),
      create: (properties, context) => {
        this.beforeCreate(context.logicalId);
        const named = nameOf(properties);
        const id = named ?? context.generateName();
        if (this.things.has(id) && named !== undefined) throw new AwsError("AlreadyExistsException", `${id} exists`);
        this.things.set(id, { properties });
        this.journal.push(`create ${context.stackName}/${context.logicalId}`);
        return { physicalId: id, attributes: { Arn: `arn:${id}`, Nested: { Deep: "deep" } } };
      },
      update: (properties, current, context, previous) => {
        if (nameOf(properties) !== nameOf(previous)) return "replace";
        this.things.set(current.physicalId, { properties });
        this.journal.push(`update ${context.stackName}/${context.logicalId}`);
        return current;
      },
      delete: (current, context) => {
        this.things.delete(current.physicalId);
        this.journal.push(`delete ${context.stackName}/${context.logicalId}`);
      },
    };
    const { create, delete: remove } = thing;
    return new Map([
      ["Test::Thing", thing],
      ["Custom::Thing", thing],
      ["Test::Fixed", { create, delete: remove }],
      ["Test::Typed", { ...thing, properties: Typed }],
    ]);
  }

  async #call(service: string, operation: string, input: object): Promise<unknown> {
    const { Bucket, Key, Body, Name } = { Bucket: "", Key: "", Body: new Uint8Array(), Name: "", ...input };
    switch (`${service}:${operation}`) {
      case "s3:HeadBucket":
        if (this.objects.has(Bucket)) return {};
        throw new AwsError("NotFound", "no bucket", { status: 404 });
      case "s3:CreateBucket":
        this.objects.set(Bucket, new Uint8Array());
        return {};
      case "s3:HeadObject":
        if (this.objects.has(`${Bucket}/${Key}`)) return {};
        throw new AwsError("NotFound", "no object", { status: 404 });
      case "s3:PutObject":
        this.objects.set(`${Bucket}/${Key}`, Body);
        return {};
      case "ssm:GetParameter":
        return { Parameter: { Name, Value: `value of ${Name}` } };
      default:
        throw new Error(`${service}:${operation} is not expected here`);
    }
  }
}

function nameOf(properties: unknown): string | undefined {
  return typeof properties === "object" && properties !== null && "Name" in properties
    ? String(properties.Name)
    : undefined;
}

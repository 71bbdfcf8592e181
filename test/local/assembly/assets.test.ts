import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { applyAssembly, createAssetRegistry } from "../../../local/assembly/index.ts";
import { SampleHome, writeAssembly } from "./sample-assembly.ts";

const BUCKET = "cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}";
const asset = (path: string, packaging: string, objectKey: string) => ({
  source: { path, packaging },
  destinations: { here: { bucketName: BUCKET, objectKey } },
});
const apply = (home: SampleHome, directory: string) =>
  applyAssembly({ directory, home: home.ports, resourceTypes: home.types });

describe("assets of an assembly", () => {
  it("puts file assets into the bootstrap bucket byte for byte, and zip assets beside the home as folders", async () => {
    const home = new SampleHome();
    const directory = writeAssembly(
      { app: { Resources: {} } },
      {
        files: { "asset.f1.sql": "SELECT 1\r\n", "asset.z1/index.mjs": "export {}", "asset.z1/lib/a.mjs": "1" },
        assets: {
          f1: asset("asset.f1.sql", "file", "f1.sql"),
          z1: asset("asset.z1", "zip", "z1.zip"),
          t: asset("app.template.json", "file", "t.json"),
        },
      },
    );
    await apply(home, directory);
    const bucket = "cdk-hnb659fds-assets-000000000000-eu-central-1";
    expect([...home.objects.keys()]).toEqual([bucket, `${bucket}/f1.sql`]);
    expect(Buffer.from(home.objects.get(`${bucket}/f1.sql`) ?? []).toString()).toBe("SELECT 1\r\n");
    const folder = createAssetRegistry(home.ports.directory).locate(bucket, "z1.zip");
    expect(folder).toBe(join(home.ports.directory, "assets", "z1"));
    expect(readFileSync(join(folder ?? "", "lib/a.mjs"), "utf8")).toBe("1");
    expect(createAssetRegistry(home.ports.directory).locate("another", "z1.zip")).toBeUndefined();
  });

  it("lets a registry opened before see what was added since", async () => {
    const home = new SampleHome();
    const registry = createAssetRegistry(home.ports.directory);
    const directory = writeAssembly(
      {},
      { files: { "asset.z/a": "1" }, assets: { z: asset("asset.z", "zip", "z.zip") } },
    );
    await apply(home, directory);
    expect(existsSync(registry.locate("cdk-hnb659fds-assets-000000000000-eu-central-1", "z.zip") ?? "")).toBe(true);
  });

  it.each(["../../etc/passwd", "/etc/passwd", "sub/../../outside"])("refuses the asset path %s", async (path) => {
    const directory = writeAssembly({}, { assets: { x: asset(path, "file", "x") } });
    await expect(apply(new SampleHome(), directory)).rejects.toMatchObject({ code: "AssetRefused" });
  });

  it("refuses a link inside an asset folder that leads out of the assembly", async () => {
    const home = new SampleHome();
    const directory = writeAssembly(
      {},
      { files: { "asset.z/a": "1" }, assets: { z: asset("asset.z", "zip", "z.zip") } },
    );
    symlinkSync("/etc/hostname", join(directory, "asset.z/leak"));
    await expect(apply(home, directory)).rejects.toMatchObject({ code: "AssetRefused" });
    expect(existsSync(join(home.ports.directory, "assets", "z"))).toBe(false);
  });

  it("refuses a template file outside the assembly, one too deep, and one with too many resources", async () => {
    const deep = JSON.parse(`${'{"a":'.repeat(200)}1${"}".repeat(200)}`);
    await expect(apply(new SampleHome(), writeAssembly({ app: { Resources: {}, Metadata: deep } }))).rejects.toThrow(
      "nests deeper",
    );
    const many = Object.fromEntries(Array.from({ length: 501 }, (_, index) => [`R${index}`, { Type: "Test::Thing" }]));
    await expect(apply(new SampleHome(), writeAssembly({ app: { Resources: many } }))).rejects.toThrow(
      "has 501 resources",
    );
    await expect(apply(new SampleHome(), "/nonexistent")).rejects.toThrow("synthesize the app first");
  });
});

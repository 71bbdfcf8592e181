/** An asset manifest (`*.assets.json`): which files and folders of the assembly go where. */
import { z } from "zod";
import { AssemblyError } from "./assembly-error.ts";
import { pathInside } from "./path-inside.ts";

export interface Asset {
  /** Content hash, as CDK computed it. */
  hash: string;
  /** "file" is put into its bucket byte for byte; "zip" is a folder CDK would zip. */
  packaging: "file" | "zip";
  /** Absolute path in the assembly. */
  path: string;
  /** May hold ${AWS::AccountId}, ${AWS::Region} and ${AWS::Partition}. */
  bucketName: string;
  objectKey: string;
  /** A stack's template, which nothing reads from a bucket here. */
  isTemplate: boolean;
}

const AssetManifest = z.looseObject({
  files: z
    .record(
      // Usually the content's hash; an app may name its assets, and the name becomes a path in the home.
      z
        .string()
        .regex(
          /^(?!.*\.\.)[A-Za-z0-9_][A-Za-z0-9_./-]{0,255}$/,
          "an asset's id has letters, digits, _ . / and -, and no ..",
        ),
      z.looseObject({
        source: z.looseObject({
          path: z.string().optional(),
          packaging: z.enum(["file", "zip"]).default("file"),
          executable: z.unknown().optional(),
        }),
        destinations: z.record(z.string(), z.looseObject({ bucketName: z.string(), objectKey: z.string() })),
      }),
    )
    .default({}),
  dockerImages: z.record(z.string(), z.unknown()).default({}),
});

/**
 * The assets of one asset manifest; stack templates are marked among them.
 * @throws AssemblyError AssemblyInvalid, AssemblyUnsupported (Docker images, executables) or AssetRefused (a path outside).
 */
export function readAssets(root: string, directory: string, json: unknown, where: string): Asset[] {
  const parsed = AssetManifest.safeParse(json);
  if (!parsed.success) {
    throw new AssemblyError("AssemblyInvalid", `${where} is not an asset manifest: ${z.prettifyError(parsed.error)}`);
  }
  const images = Object.keys(parsed.data.dockerImages);
  if (images.length > 0) {
    throw new AssemblyError(
      "AssemblyUnsupported",
      `${where} has ${images.length} Docker image asset(s) (${images.join(", ")}); the embedded home takes file and zip assets`,
    );
  }
  const assets: Asset[] = [];
  for (const [hash, { source, destinations }] of Object.entries(parsed.data.files)) {
    if (source.path === undefined || source.executable !== undefined) {
      throw new AssemblyError(
        "AssemblyUnsupported",
        `${where}: asset ${hash} is made by an executable; bundle it at synth`,
      );
    }
    const isTemplate = source.path.endsWith(".template.json");
    const path = pathInside(root, directory, source.path);
    for (const { bucketName, objectKey } of Object.values(destinations)) {
      assets.push({ hash, packaging: source.packaging, path, bucketName, objectKey, isTemplate });
    }
  }
  return assets;
}

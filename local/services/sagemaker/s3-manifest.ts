/**
 * S3DataType ManifestFile: the objects a manifest lists.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_S3DataSource.html
 */
import { z } from "zod";
import { JobFailure } from "./job-failure.ts";

const Manifest = z
  .string()
  .transform((text, check): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      check.addIssue("it is not JSON");
      return z.NEVER;
    }
  })
  .pipe(z.tuple([z.strictObject({ prefix: z.string().regex(/^s3:\/\/[^/]/) }), z.string().min(1)], z.string().min(1)));

/** The S3 URIs a manifest stands for, each once. @throws JobFailure when it is none */
export function manifestUris(uri: string, text: string): string[] {
  const { data, error } = Manifest.safeParse(text);
  if (data === undefined) {
    const { path = [], message = "" } = error.issues[0] ?? {};
    const where = path.length > 0 ? `${message}, at ${path.join(".")}` : message;
    throw new JobFailure(
      "ClientError",
      `manifest ${uri}: expected a JSON array such as [{"prefix": "s3://bucket/folder/"}, "first.csv", "second.csv"], found otherwise: ${where}`,
    );
  }
  const [{ prefix }, ...suffixes] = data;
  return [...new Set(suffixes.map((suffix) => `${prefix}${suffix}`))];
}

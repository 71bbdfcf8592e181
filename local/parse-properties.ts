/** CloudFormation properties, checked at the top of every create and update. */
import { z } from "zod";
import { AwsError } from "./aws-error.ts";

/**
 * Parses `properties` of a resource of `type`. Give a `z.strictObject`, so that a property the home does not act on is
 * refused instead of silently ignored.
 * @throws AwsError ValidationError naming type, property, and what is supported.
 */
export function parseProperties<T extends z.ZodObject>(type: string, schema: T, properties: unknown): z.infer<T> {
  const parsed = schema.safeParse(properties ?? {});
  if (parsed.success) return parsed.data;
  throw new AwsError(
    "ValidationError",
    `${type}: ${parsed.error.issues.map((issue) => `${issue.path.join(".") || "properties"}: ${issue.message}`).join("; ")}; supported properties: ${Object.keys(schema.shape).sort().join(", ")}`,
  );
}

/** A number, which CloudFormation writes as text where it comes from a parameter. */
export const cfnNumber = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)]).transform(Number);
/** The same of a boolean. */
export const cfnBoolean = z
  .union([z.boolean(), z.enum(["true", "false"])])
  .transform((value) => value === true || value === "true");
/** Tags as most types have them; kept by few services, so accepted everywhere. */
export const cfnTags = z.array(
  z.object({ Key: z.string(), Value: z.union([z.string(), z.number()]).transform(String) }),
);

/**
 * The policy of a form upload: what its signer lets the form say, and until when.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
import { z } from "zod";
import { AwsError } from "../aws-error.ts";

const Match = z.tuple([z.enum(["eq", "starts-with"]), z.string().startsWith("$"), z.string()]);
const Size = z.tuple([z.literal("content-length-range"), z.coerce.number(), z.coerce.number()]);
const Exact = z.record(z.string(), z.union([z.string(), z.number()]).transform(String));
const Policy = z.object({
  expiration: z.iso.datetime({ offset: true }),
  conditions: z.array(z.union([Match, Size, Exact])),
});

type MatchCondition = z.infer<typeof Match>;

export interface PolicySubject {
  /** The form's fields by their names in lower case, variables expanded, with the bucket the form was sent to. */
  fields: ReadonlyMap<string, string>;
  sizeBytes: number;
}

/** What a policy need not name. */
const FREE = /^(awsaccesskeyid|x-amz-signature|signature|policy|file|x-ignore-.*)$/;

/** @throws AwsError AccessDenied, InvalidPolicyDocument, EntityTooLarge, EntityTooSmall */
export function checkPolicy(encoded: string, subject: PolicySubject, nowMs: number): void {
  const { expiration, conditions } = parse(encoded);
  if (Date.parse(expiration) <= nowMs) throw denied("Policy expired.");
  const matches = conditions.flatMap(matchesOf);
  for (const [kind, name, value] of matches) {
    const found = subject.fields.get(name.slice(1).toLowerCase()) ?? "";
    if (kind === "eq" ? found !== value : !found.startsWith(value))
      throw denied(`Policy Condition failed: ${JSON.stringify([kind, name, value])}`);
  }
  const named = new Set(matches.map(([, name]) => name.slice(1).toLowerCase()));
  const extra = [...subject.fields.keys()].filter((name) => !FREE.test(name) && !named.has(name));
  if (extra.length > 0) throw denied(`Extra input fields: ${extra.join(", ")}`);
  for (const condition of conditions) if (isSize(condition)) checkSize(subject.sizeBytes, condition);
}

function parse(encoded: string): z.infer<typeof Policy> {
  try {
    return Policy.parse(JSON.parse(Buffer.from(encoded, "base64").toString("utf8")));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : String(cause);
    throw new AwsError("InvalidPolicyDocument", `Invalid Policy: Invalid JSON: ${why}`, { cause });
  }
}

function isSize(condition: z.infer<typeof Policy>["conditions"][number]): condition is z.infer<typeof Size> {
  return Array.isArray(condition) && condition[0] === "content-length-range";
}

function matchesOf(condition: z.infer<typeof Policy>["conditions"][number]): MatchCondition[] {
  if (!Array.isArray(condition)) return Object.entries(condition).map(([name, value]) => ["eq", `$${name}`, value]);
  return condition[0] === "content-length-range" ? [] : [condition];
}

function checkSize(sizeBytes: number, [, least, most]: z.infer<typeof Size>): void {
  if (sizeBytes < least)
    throw new AwsError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", {
      fields: { ProposedSize: sizeBytes, MinSizeAllowed: least },
    });
  if (sizeBytes > most)
    throw new AwsError("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", {
      fields: { ProposedSize: sizeBytes, MaxSizeAllowed: most },
    });
}

function denied(why: string): AwsError {
  return new AwsError("AccessDenied", `Invalid according to Policy: ${why}`, { status: 403 });
}

/** Bucket policies: checked when written, asked by the home's authorizer when a call concerns the bucket or its objects. */
import { AwsError } from "../../aws-error.ts";
import type { BucketStore } from "./bucket-store.ts";

const LONGEST_POLICY_BYTES = 20 * 1024;

/** @throws AwsError MalformedPolicy */
export function checkPolicy(text: string | undefined): string {
  const malformed = (message: string) => new AwsError("MalformedPolicy", message);
  if (text === undefined || Buffer.byteLength(text) > LONGEST_POLICY_BYTES) {
    throw malformed("Policies must be valid JSON and at most 20 KB");
  }
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    throw malformed("Policies must be valid JSON and the first byte must be '{'");
  }
  if (typeof document !== "object" || document === null || !("Statement" in document)) {
    throw malformed("Missing required field Statement");
  }
  return text;
}

/** The policy that covers an S3 ARN, bucket or object; undefined when there is none. */
export function policyOf(buckets: BucketStore, arn: string): unknown {
  const [name = ""] = (arn.split(":")[5] ?? "").split("/");
  const policy = buckets.find(name)?.configuration.policy;
  return policy === undefined ? undefined : JSON.parse(policy);
}

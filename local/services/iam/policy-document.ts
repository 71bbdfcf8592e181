/** Policy documents on IAM's wire: JSON text in, percent-encoded JSON out. */
import { AwsError } from "../../aws-error.ts";

/** Checks that `text` is a policy document. @throws AwsError MalformedPolicyDocument */
export function parseDocument(text: string | undefined): string {
  try {
    const document: unknown = JSON.parse(text ?? "");
    if (typeof document === "object" && document !== null && "Statement" in document) return JSON.stringify(document);
  } catch (cause) {
    throw new AwsError("MalformedPolicyDocument", "This policy contains invalid Json", { cause });
  }
  throw new AwsError("MalformedPolicyDocument", "Syntax errors in policy: it has no Statement.");
}

/** As IAM answers documents (RFC 3986 percent-encoding). */
export const wireDocument = (document: string): string => encodeURIComponent(document);

/** What AWS answers to a request whose signature is not good, in its words. */
import { AwsError } from "../aws-error.ts";

export function signatureMismatch(): AwsError {
  return new AwsError(
    "SignatureDoesNotMatch",
    "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.",
    { status: 403 },
  );
}

export function incompleteSignature(what: string): AwsError {
  return new AwsError("IncompleteSignature", `Authorization is incomplete or malformed: ${what}`, { status: 403 });
}

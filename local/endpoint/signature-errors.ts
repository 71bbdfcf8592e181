/**
 * What AWS answers to a request whose signature is not good, or whose caller may not, in its words.
 *
 * Each is thrown under one name and answered under the name that services of the protocol have for it: clients tell by it a wrong key
 * from a wrong secret, and some of them try again with a new token or a corrected clock.
 * Source: https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html and
 * https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html, the JSON services' as they answer
 */
import { AwsError } from "../aws-error.ts";
import type { Protocol } from "./sdk-schema.ts";

interface Words {
  code: string;
  message?: string;
  status?: number;
}

const QUERY: Readonly<Record<string, Words>> = {
  UnrecognizedClientException: { code: "InvalidClientTokenId" },
  ExpiredTokenException: { code: "ExpiredToken" },
  AccessDeniedException: { code: "AccessDenied" },
};
const JSON_SERVICES: Readonly<Record<string, Words>> = {
  SignatureDoesNotMatch: { code: "InvalidSignatureException" },
  IncompleteSignature: { code: "IncompleteSignatureException" },
  MissingAuthenticationToken: { code: "MissingAuthenticationTokenException" },
};
const S3: Readonly<Record<string, Words>> = {
  UnrecognizedClientException: {
    code: "InvalidAccessKeyId",
    message: "The AWS Access Key Id you provided does not exist in our records.",
  },
  ExpiredTokenException: { code: "ExpiredToken", message: "The provided token has expired.", status: 400 },
  MissingAuthenticationToken: { code: "AccessDenied" },
  AccessDeniedException: { code: "AccessDenied" },
};
const BY_PROTOCOL: Readonly<Record<Protocol, Readonly<Record<string, Words>>>> = {
  awsJson: JSON_SERVICES,
  restJson: JSON_SERVICES,
  awsQuery: QUERY,
  restXml: S3,
};

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

/** Of a presigned URL or a form's policy. */
export function requestExpired(): AwsError {
  return new AwsError("AccessDenied", "Request has expired", { status: 403 });
}

/** A refusal as services of `protocol` name it; any other error as it is. */
export function inWordsOf(protocol: Protocol, error: AwsError): AwsError {
  const words = BY_PROTOCOL[protocol][error.code];
  if (words === undefined) return error;
  return new AwsError(words.code, words.message ?? error.message, {
    status: words.status ?? error.status,
    fields: { ...error.fields },
    cause: error.cause,
  });
}

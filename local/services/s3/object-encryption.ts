/**
 * What answers say of an object's encryption: what its writer asked for, else the bucket's default. Nothing is encrypted in a home.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/serv-side-encryption.html
 */
import type { ServerSideEncryption } from "@aws-sdk/client-s3";
import type { Bucket } from "./bucket-store.ts";

export interface ObjectEncryption {
  ServerSideEncryption: ServerSideEncryption;
  SSEKMSKeyId?: string;
  BucketKeyEnabled?: boolean;
}

/** What a writer asks for; undefined: nothing. */
export function encryptionAsked(input: {
  ServerSideEncryption?: ServerSideEncryption | undefined;
  SSEKMSKeyId?: string | undefined;
  BucketKeyEnabled?: boolean | undefined;
}): ObjectEncryption | undefined {
  if (input.ServerSideEncryption === undefined) return undefined;
  return {
    ServerSideEncryption: input.ServerSideEncryption,
    ...(input.SSEKMSKeyId === undefined ? {} : { SSEKMSKeyId: input.SSEKMSKeyId }),
    ...(input.BucketKeyEnabled ? { BucketKeyEnabled: true } : {}),
  };
}

/** `own`, or the bucket's default; AES256 where that says nothing, as on S3. */
export function encryptionOf(bucket: Bucket, own: ObjectEncryption | undefined): ObjectEncryption {
  if (own !== undefined) return own;
  const rule = bucket.configuration.encryption?.Rules?.[0];
  const byDefault = rule?.ApplyServerSideEncryptionByDefault;
  return {
    ServerSideEncryption: byDefault?.SSEAlgorithm ?? "AES256",
    ...(byDefault?.KMSMasterKeyID === undefined ? {} : { SSEKMSKeyId: byDefault.KMSMasterKeyID }),
    ...(rule?.BucketKeyEnabled ? { BucketKeyEnabled: true } : {}),
  };
}

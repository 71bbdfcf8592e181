/**
 * Configurations that a bucket of the home keeps and does not act on (CORS, logging), and those no bucket of the home has: tools that read a
 * bucket's whole state (terraform, drift and audit scripts) ask for each, and know S3's answer for "none".
 */
import type { Operations } from "../../define-service.ts";
import { onBucket } from "./authorizations.ts";
import type { BucketConfiguration } from "./bucket-store.ts";
import type { S3, Sdk } from "./context.ts";
import { noSuchConfiguration } from "./errors.ts";

type FurtherOperations = Pick<
  Operations<Sdk>,
  | "GetBucketCors"
  | "PutBucketCors"
  | "DeleteBucketCors"
  | "GetBucketLogging"
  | "DeleteBucketEncryption"
  | "DeletePublicAccessBlock"
  | "GetBucketWebsite"
  | "GetBucketReplication"
  | "GetObjectLockConfiguration"
  | "GetBucketRequestPayment"
  | "GetBucketAccelerateConfiguration"
  | "ListBucketAnalyticsConfigurations"
  | "ListBucketIntelligentTieringConfigurations"
  | "ListBucketInventoryConfigurations"
  | "ListBucketMetricsConfigurations"
>;

interface BucketInput {
  Bucket: string | undefined;
  ExpectedBucketOwner?: string | undefined;
}

export function furtherConfigurations(s3: S3): FurtherOperations {
  const bucketOf = (input: BucketInput) => s3.buckets.get(input.Bucket, input.ExpectedBucketOwner);
  const write = (change: BucketConfiguration) => (input: BucketInput) => {
    s3.buckets.configure(bucketOf(input).name, change);
    return {};
  };
  const none = (code: string, message: string) => (input: BucketInput) => {
    throw noSuchConfiguration(code, message, bucketOf(input).name);
  };
  const constant =
    <T extends object>(answer: T) =>
    (input: BucketInput) => {
      bucketOf(input);
      return answer;
    };
  return {
    GetBucketCors: {
      authorize: onBucket("GetBucketCORS"),
      handle(input) {
        const { name, configuration } = bucketOf(input);
        if (configuration.cors === undefined)
          throw noSuchConfiguration("NoSuchCORSConfiguration", "The CORS configuration does not exist", name);
        return configuration.cors;
      },
    },
    PutBucketCors: {
      authorize: onBucket("PutBucketCORS"),
      handle: (input) => write({ cors: input.CORSConfiguration })(input),
    },
    DeleteBucketCors: { authorize: onBucket("PutBucketCORS"), handle: write({ cors: undefined }) },
    GetBucketLogging: {
      authorize: onBucket("GetBucketLogging"),
      handle(input) {
        const { logging } = bucketOf(input).configuration;
        return logging === undefined ? {} : { LoggingEnabled: logging };
      },
    },
    DeleteBucketEncryption: {
      authorize: onBucket("PutEncryptionConfiguration"),
      handle: write({ encryption: undefined }),
    },
    DeletePublicAccessBlock: {
      authorize: onBucket("PutBucketPublicAccessBlock"),
      handle: write({ publicAccessBlock: undefined }),
    },
    GetBucketWebsite: {
      authorize: onBucket("GetBucketWebsite"),
      handle: none("NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration"),
    },
    GetBucketReplication: {
      authorize: onBucket("GetReplicationConfiguration"),
      handle: none("ReplicationConfigurationNotFoundError", "The replication configuration was not found"),
    },
    GetObjectLockConfiguration: {
      authorize: onBucket("GetBucketObjectLockConfiguration"),
      handle: none("ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket"),
    },
    GetBucketRequestPayment: {
      authorize: onBucket("GetBucketRequestPayment"),
      handle: constant({ Payer: "BucketOwner" } as const),
    },
    GetBucketAccelerateConfiguration: { authorize: onBucket("GetAccelerateConfiguration"), handle: constant({}) },
    ListBucketAnalyticsConfigurations: {
      authorize: onBucket("GetAnalyticsConfiguration"),
      handle: constant({ IsTruncated: false }),
    },
    ListBucketIntelligentTieringConfigurations: {
      authorize: onBucket("GetIntelligentTieringConfiguration"),
      handle: constant({ IsTruncated: false }),
    },
    ListBucketInventoryConfigurations: {
      authorize: onBucket("GetInventoryConfiguration"),
      handle: constant({ IsTruncated: false }),
    },
    ListBucketMetricsConfigurations: {
      authorize: onBucket("GetMetricsConfiguration"),
      handle: constant({ IsTruncated: false }),
    },
  };
}

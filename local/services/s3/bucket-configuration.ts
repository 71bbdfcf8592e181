/** Reading and writing a bucket's configurations. */

import { AwsError } from "../../aws-error.ts";
import type { Operations } from "../../define-service.ts";
import { onBucket } from "./authorizations.ts";
import { checkPolicy } from "./bucket-policy.ts";
import type { BucketConfiguration } from "./bucket-store.ts";
import type { S3, Sdk } from "./context.ts";
import { noSuchConfiguration } from "./errors.ts";
import { type NotificationOperations, notificationOperations } from "./notification-operations.ts";

/** What a lifecycle rule may do. */
const ACTIONS = [
  "Expiration",
  "Transitions",
  "NoncurrentVersionExpiration",
  "NoncurrentVersionTransitions",
  "AbortIncompleteMultipartUpload",
] as const;

type ConfigurationOperations = Pick<
  Operations<Sdk>,
  | "GetBucketVersioning"
  | "PutBucketVersioning"
  | "GetBucketEncryption"
  | "PutBucketEncryption"
  | "GetBucketLifecycleConfiguration"
  | "PutBucketLifecycleConfiguration"
  | "DeleteBucketLifecycle"
  | "GetPublicAccessBlock"
  | "PutPublicAccessBlock"
  | "GetBucketPolicy"
  | "PutBucketPolicy"
  | "DeleteBucketPolicy"
  | "GetBucketTagging"
  | "PutBucketTagging"
  | "DeleteBucketTagging"
>;

interface BucketInput {
  Bucket: string | undefined;
  ExpectedBucketOwner?: string | undefined;
}

export function bucketConfiguration(s3: S3): ConfigurationOperations & NotificationOperations {
  const read = (input: BucketInput) => s3.buckets.get(input.Bucket, input.ExpectedBucketOwner).configuration;
  const write = (input: BucketInput, change: BucketConfiguration) => {
    s3.buckets.configure(s3.buckets.get(input.Bucket, input.ExpectedBucketOwner).name, change);
    return {};
  };
  return {
    GetBucketVersioning: {
      authorize: onBucket("GetBucketVersioning"),
      handle: (input) => {
        const { versioning } = read(input);
        return versioning === undefined ? {} : { Status: versioning };
      },
    },
    PutBucketVersioning: {
      authorize: onBucket("PutBucketVersioning"),
      handle: (input) => write(input, { versioning: versioningStatus(input.VersioningConfiguration?.Status) }),
    },
    GetBucketEncryption: {
      authorize: onBucket("GetEncryptionConfiguration"),
      // S3 encrypts every bucket with AES256 where nothing else is said.
      handle: (input) => ({
        ServerSideEncryptionConfiguration: read(input).encryption ?? {
          Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" }, BucketKeyEnabled: false }],
        },
      }),
    },
    PutBucketEncryption: {
      authorize: onBucket("PutEncryptionConfiguration"),
      handle: (input) => write(input, { encryption: input.ServerSideEncryptionConfiguration }),
    },
    GetPublicAccessBlock: {
      authorize: onBucket("GetBucketPublicAccessBlock"),
      handle: (input) => ({
        PublicAccessBlockConfiguration: present(
          read(input).publicAccessBlock,
          input,
          "NoSuchPublicAccessBlockConfiguration",
          "The public access block configuration was not found",
        ),
      }),
    },
    PutPublicAccessBlock: {
      authorize: onBucket("PutBucketPublicAccessBlock"),
      handle: (input) => write(input, { publicAccessBlock: input.PublicAccessBlockConfiguration }),
    },
    ...notificationOperations(s3),
    ...lifecycleOperations(read, write),
    ...policyOperations(read, write),
    ...taggingOperations(read, write),
  };
}

type Read = (input: BucketInput) => BucketConfiguration;
type Write = (input: BucketInput, change: BucketConfiguration) => object;

function lifecycleOperations(
  read: Read,
  write: Write,
): Pick<
  ConfigurationOperations,
  "GetBucketLifecycleConfiguration" | "PutBucketLifecycleConfiguration" | "DeleteBucketLifecycle"
> {
  return {
    GetBucketLifecycleConfiguration: {
      authorize: onBucket("GetLifecycleConfiguration"),
      handle: (input) => ({
        Rules: revived(
          present(
            read(input).lifecycle,
            input,
            "NoSuchLifecycleConfiguration",
            "The lifecycle configuration does not exist",
          ).Rules ?? [],
        ),
      }),
    },
    PutBucketLifecycleConfiguration: {
      authorize: onBucket("PutLifecycleConfiguration"),
      handle(input) {
        if (input.LifecycleConfiguration?.Rules?.some((rule) => !ACTIONS.some((action) => rule[action] !== undefined)))
          throw new AwsError("InvalidRequest", "At least one action needs to be specified in a rule.");
        return write(input, { lifecycle: input.LifecycleConfiguration });
      },
    },
    DeleteBucketLifecycle: {
      authorize: onBucket("PutLifecycleConfiguration"),
      handle: (input) => write(input, { lifecycle: undefined }),
    },
  };
}

function policyOperations(
  read: Read,
  write: Write,
): Pick<ConfigurationOperations, "GetBucketPolicy" | "PutBucketPolicy" | "DeleteBucketPolicy"> {
  return {
    GetBucketPolicy: {
      authorize: onBucket("GetBucketPolicy"),
      handle: (input) => ({
        Policy: present(read(input).policy, input, "NoSuchBucketPolicy", "The bucket policy does not exist"),
      }),
    },
    PutBucketPolicy: {
      authorize: onBucket("PutBucketPolicy"),
      handle: (input) => write(input, { policy: checkPolicy(input.Policy) }),
    },
    DeleteBucketPolicy: {
      authorize: onBucket("DeleteBucketPolicy"),
      handle: (input) => write(input, { policy: undefined }),
    },
  };
}

function taggingOperations(
  read: Read,
  write: Write,
): Pick<ConfigurationOperations, "GetBucketTagging" | "PutBucketTagging" | "DeleteBucketTagging"> {
  return {
    GetBucketTagging: {
      authorize: onBucket("GetBucketTagging"),
      handle: (input) => ({ TagSet: present(read(input).tags, input, "NoSuchTagSet", "The TagSet does not exist") }),
    },
    PutBucketTagging: {
      authorize: onBucket("PutBucketTagging"),
      handle: (input) => write(input, { tags: input.Tagging?.TagSet }),
    },
    DeleteBucketTagging: {
      authorize: onBucket("PutBucketTagging"),
      handle: (input) => write(input, { tags: undefined }),
    },
  };
}

function versioningStatus(status: string | undefined): "Enabled" | "Suspended" {
  if (status === "Enabled" || status === "Suspended") return status;
  throw new AwsError("IllegalVersioningConfigurationException", "The Versioning element must be specified");
}

function present<T>(value: T | undefined, input: BucketInput, code: string, message: string): T {
  if (value === undefined) throw noSuchConfiguration(code, message, input.Bucket ?? "");
  return value;
}

/** Dates come back from the store as text. */
function revived<Rule extends { Expiration?: { Date?: Date | undefined } | undefined }>(rules: Rule[]): Rule[] {
  return rules.map((rule) =>
    rule.Expiration?.Date === undefined
      ? rule
      : { ...rule, Expiration: { ...rule.Expiration, Date: new Date(rule.Expiration.Date) } },
  );
}

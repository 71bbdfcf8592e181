/** CloudFormation's properties of a bucket, as the configuration the service keeps. */
import type {
  Event,
  FilterRule,
  LifecycleRule,
  NotificationConfiguration,
  ServerSideEncryption,
} from "@aws-sdk/client-s3";
import { z } from "zod";
import type { BucketConfiguration } from "./bucket-store.ts";

const Tag = z.object({ Key: z.string(), Value: z.string() });
const days = z.coerce.number().int().positive();

const Rule = z.strictObject({
  Id: z.string().optional(),
  Status: z.enum(["Enabled", "Disabled"]),
  Prefix: z.string().optional(),
  TagFilters: z.array(Tag).optional(),
  ObjectSizeGreaterThan: z.coerce.number().optional(),
  ObjectSizeLessThan: z.coerce.number().optional(),
  ExpirationInDays: days.optional(),
  ExpirationDate: z.string().optional(),
  ExpiredObjectDeleteMarker: z.boolean().optional(),
  NoncurrentVersionExpirationInDays: days.optional(),
  NoncurrentVersionExpiration: z
    .strictObject({ NoncurrentDays: days, NewerNoncurrentVersions: z.coerce.number().optional() })
    .optional(),
  AbortIncompleteMultipartUpload: z.strictObject({ DaysAfterInitiation: days }).optional(),
  // Storage classes cost nothing here: accepted, without effect.
  Transitions: z.array(z.unknown()).optional(),
  NoncurrentVersionTransitions: z.array(z.unknown()).optional(),
});

const Encryption = z.strictObject({
  ServerSideEncryptionConfiguration: z.array(
    z.object({
      ServerSideEncryptionByDefault: z.object({ SSEAlgorithm: z.string(), KMSMasterKeyID: z.string().optional() }),
      BucketKeyEnabled: z.boolean().optional(),
    }),
  ),
});

const Filter = z
  .strictObject({
    S3Key: z.strictObject({ Rules: z.array(z.strictObject({ Name: z.string(), Value: z.string() })) }),
  })
  .optional();
const Notifications = z.strictObject({
  EventBridgeConfiguration: z.strictObject({ EventBridgeEnabled: z.boolean().default(true) }).optional(),
  LambdaConfigurations: z.array(z.strictObject({ Event: z.string(), Function: z.string(), Filter })).default([]),
  QueueConfigurations: z.array(z.strictObject({ Event: z.string(), Queue: z.string(), Filter })).default([]),
  TopicConfigurations: z.array(z.strictObject({ Event: z.string(), Topic: z.string(), Filter })).default([]),
});

export const BucketProperties = z.strictObject({
  BucketName: z.string().optional(),
  AccessControl: z.string().optional(),
  BucketEncryption: Encryption.optional(),
  VersioningConfiguration: z.strictObject({ Status: z.enum(["Enabled", "Suspended"]) }).optional(),
  LifecycleConfiguration: z
    .strictObject({ Rules: z.array(Rule), TransitionDefaultMinimumObjectSize: z.string().optional() })
    .optional(),
  NotificationConfiguration: Notifications.optional(),
  PublicAccessBlockConfiguration: z
    .strictObject({
      BlockPublicAcls: z.boolean().optional(),
      BlockPublicPolicy: z.boolean().optional(),
      IgnorePublicAcls: z.boolean().optional(),
      RestrictPublicBuckets: z.boolean().optional(),
    })
    .optional(),
  OwnershipControls: z
    .object({
      Rules: z.array(
        z.object({ ObjectOwnership: z.enum(["BucketOwnerEnforced", "BucketOwnerPreferred", "ObjectWriter"]) }),
      ),
    })
    .optional(),
  LoggingConfiguration: z
    .object({ DestinationBucketName: z.string().optional(), LogFilePrefix: z.string().optional() })
    .optional(),
  Tags: z.array(Tag).optional(),
  // No browser comes from elsewhere, storage costs nothing, nothing is measured by prefix: accepted, without effect.
  CorsConfiguration: z.looseObject({}).optional(),
  IntelligentTieringConfigurations: z.array(z.unknown()).optional(),
  AnalyticsConfigurations: z.array(z.unknown()).optional(),
  MetricsConfigurations: z.array(z.unknown()).optional(),
  AccelerateConfiguration: z.looseObject({}).optional(),
});
type BucketProperties = z.infer<typeof BucketProperties>;

/** The configuration those properties describe; what they leave out is unset. */
export function configurationOf(properties: BucketProperties): BucketConfiguration {
  const block = properties.PublicAccessBlockConfiguration;
  return {
    versioning: properties.VersioningConfiguration?.Status,
    encryption: properties.BucketEncryption && {
      Rules: properties.BucketEncryption.ServerSideEncryptionConfiguration.map((rule) => ({
        ApplyServerSideEncryptionByDefault: {
          SSEAlgorithm: rule.ServerSideEncryptionByDefault.SSEAlgorithm as ServerSideEncryption,
          KMSMasterKeyID: rule.ServerSideEncryptionByDefault.KMSMasterKeyID,
        },
        BucketKeyEnabled: rule.BucketKeyEnabled ?? false,
      })),
    },
    lifecycle: properties.LifecycleConfiguration && {
      Rules: properties.LifecycleConfiguration.Rules.map(lifecycleRule),
    },
    publicAccessBlock: block && {
      BlockPublicAcls: block.BlockPublicAcls ?? false,
      BlockPublicPolicy: block.BlockPublicPolicy ?? false,
      IgnorePublicAcls: block.IgnorePublicAcls ?? false,
      RestrictPublicBuckets: block.RestrictPublicBuckets ?? false,
    },
    ownership: properties.OwnershipControls,
    logging: loggingOf(properties.LoggingConfiguration),
    tags: properties.Tags,
  };
}

/** Without a destination a bucket logs to itself, and has nothing to show for it here. */
function loggingOf(given: BucketProperties["LoggingConfiguration"]): BucketConfiguration["logging"] {
  const { DestinationBucketName: TargetBucket, LogFilePrefix: TargetPrefix = "" } = given ?? {};
  return TargetBucket === undefined ? undefined : { TargetBucket, TargetPrefix };
}

/** The notifications those properties ask for, in the SDK's shape; undefined when they say nothing of any. */
export function notificationConfigurationOf({
  NotificationConfiguration: given,
}: BucketProperties): NotificationConfiguration | undefined {
  if (given === undefined) return undefined;
  const common = ({ Event: event, Filter: filter }: { Event: string; Filter?: z.infer<typeof Filter> }) => ({
    Events: [event as Event],
    ...(filter === undefined ? {} : { Filter: { Key: { FilterRules: filter.S3Key.Rules as FilterRule[] } } }),
  });
  return {
    LambdaFunctionConfigurations: given.LambdaConfigurations.map((one) => ({
      ...common(one),
      LambdaFunctionArn: one.Function,
    })),
    QueueConfigurations: given.QueueConfigurations.map((one) => ({ ...common(one), QueueArn: one.Queue })),
    TopicConfigurations: given.TopicConfigurations.map((one) => ({ ...common(one), TopicArn: one.Topic })),
    ...(given.EventBridgeConfiguration?.EventBridgeEnabled === true ? { EventBridgeConfiguration: {} } : {}),
  };
}

function lifecycleRule(rule: z.infer<typeof Rule>): LifecycleRule {
  const noncurrent = rule.NoncurrentVersionExpiration ?? {
    NoncurrentDays: rule.NoncurrentVersionExpirationInDays,
    NewerNoncurrentVersions: undefined,
  };
  const expires = rule.ExpirationInDays ?? rule.ExpirationDate ?? rule.ExpiredObjectDeleteMarker;
  return {
    ID: rule.Id,
    Status: rule.Status,
    Filter: {
      And: {
        Prefix: rule.Prefix,
        Tags: rule.TagFilters,
        ObjectSizeGreaterThan: rule.ObjectSizeGreaterThan,
        ObjectSizeLessThan: rule.ObjectSizeLessThan,
      },
    },
    Expiration:
      expires === undefined
        ? undefined
        : {
            Days: rule.ExpirationInDays,
            Date: rule.ExpirationDate === undefined ? undefined : new Date(rule.ExpirationDate),
            ExpiredObjectDeleteMarker: rule.ExpiredObjectDeleteMarker,
          },
    NoncurrentVersionExpiration: noncurrent.NoncurrentDays === undefined ? undefined : noncurrent,
    AbortIncompleteMultipartUpload: rule.AbortIncompleteMultipartUpload,
  };
}

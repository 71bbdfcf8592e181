/** AWS::S3::Bucket and AWS::S3::BucketPolicy. */
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";
import type { ResourceState, ResourceType } from "../../define-service.ts";
import { bucketArn } from "./authorizations.ts";
import { checkPolicy } from "./bucket-policy.ts";
import { BucketProperties, configurationOf, notificationConfigurationOf } from "./bucket-properties.ts";
import type { S3 } from "./context.ts";
import { s3CustomResources } from "./custom-resources.ts";
import { setNotifications } from "./notification-operations.ts";

const LONGEST_NAME = 63;

const PolicyProperties = z.strictObject({ Bucket: z.string(), PolicyDocument: z.record(z.string(), z.unknown()) });

export function s3Resources(s3: S3): Record<string, ResourceType> {
  return {
    "AWS::S3::Bucket": bucketResource(s3),
    "AWS::S3::BucketPolicy": bucketPolicyResource(s3),
    ...s3CustomResources(s3),
  };
}

function bucketResource(s3: S3): ResourceType {
  // A bucket that says nothing of notifications may have them from a custom resource, which is not undone here.
  const notify = (name: string, properties: z.infer<typeof BucketProperties>, previous: unknown = {}) => {
    const had = z.looseObject({ NotificationConfiguration: z.unknown() }).safeParse(previous).success;
    const configuration = notificationConfigurationOf(properties) ?? (had ? {} : undefined);
    if (configuration !== undefined) setNotifications(s3, name, configuration, true);
  };
  return {
    properties: BucketProperties,
    create(given, context) {
      const properties = parse("AWS::S3::Bucket", BucketProperties, given);
      const name = properties.BucketName ?? context.generateName(LONGEST_NAME).toLowerCase();
      // Left by a run that ended between this and the ledger's entry: the same bucket, so go on.
      if (s3.buckets.find(name) === undefined) s3.buckets.create(name, configurationOf(properties));
      else s3.buckets.configure(name, configurationOf(properties));
      notify(name, properties);
      return stateOf(s3, name);
    },
    update(given, current, _context, previous) {
      const properties = parse("AWS::S3::Bucket", BucketProperties, given);
      if (properties.BucketName !== undefined && properties.BucketName !== current.physicalId) return "replace";
      s3.buckets.configure(current.physicalId, configurationOf(properties));
      notify(current.physicalId, properties, previous);
      return stateOf(s3, current.physicalId);
    },
    delete(current) {
      if (s3.buckets.find(current.physicalId) !== undefined) s3.buckets.delete(current.physicalId);
    },
  };
}

function bucketPolicyResource(s3: S3): ResourceType {
  const put = (given: unknown): ResourceState => {
    const { Bucket, PolicyDocument } = parse("AWS::S3::BucketPolicy", PolicyProperties, given);
    s3.buckets.configure(Bucket, { policy: checkPolicy(JSON.stringify(PolicyDocument)) });
    return { physicalId: Bucket, attributes: {} };
  };
  return {
    properties: PolicyProperties,
    create: put,
    update: (given, current) => {
      const { Bucket } = parse("AWS::S3::BucketPolicy", PolicyProperties, given);
      return Bucket === current.physicalId ? put(given) : "replace";
    },
    delete(current) {
      if (s3.buckets.find(current.physicalId)) s3.buckets.configure(current.physicalId, { policy: undefined });
    },
  };
}

function stateOf(s3: S3, name: string): ResourceState {
  const domain = `${name}.s3.amazonaws.com`;
  return {
    physicalId: name,
    attributes: {
      Arn: bucketArn(name),
      DomainName: domain,
      DualStackDomainName: `${name}.s3.dualstack.${s3.home.region}.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${s3.home.region}.amazonaws.com`,
      WebsiteURL: `http://${name}.s3-website-${s3.home.region}.amazonaws.com`,
    },
  };
}

function parse<T extends z.ZodType>(type: string, schema: T, properties: unknown): z.output<T> {
  const parsed = schema.safeParse(properties);
  if (parsed.success) return parsed.data;
  throw new AwsError(
    "ValidationError",
    `${type} has properties this home does not support: ${z.prettifyError(parsed.error)}`,
  );
}

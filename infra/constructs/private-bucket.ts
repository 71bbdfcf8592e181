/** A bucket as this app has them: private, encrypted, TLS only, versioned, cleaned up by rules. */
import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { BlockPublicAccess, Bucket, BucketEncryption, CfnBucket, type LifecycleRule } from "aws-cdk-lib/aws-s3";
import { Construct } from "constructs";

export type PrivateBucketProps = Readonly<{
  bucketName: string;
  /** Whether the bucket tells EventBridge of its objects. */
  emitsEvents?: boolean;
  /** Days after which objects under a prefix expire; the empty prefix is the whole bucket. */
  expireDays?: Readonly<Record<string, number>>;
}>;

const NONCURRENT_DAYS = 30;

export class PrivateBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, { bucketName, emitsEvents = false, expireDays = {} }: PrivateBucketProps) {
    super(scope, id);
    this.bucket = new Bucket(this, "Bucket", {
      bucketName,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      versioned: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      lifecycleRules: [housekeeping(), ...Object.entries(expireDays).map(([prefix, days]) => expiry(prefix, days))],
      removalPolicy: RemovalPolicy.RETAIN,
    });
    if (emitsEvents) this.#emitEvents();
    Validations.of(this).acknowledge({
      id: "AwsSolutions-S1",
      reason:
        "Object access is audited by CloudTrail data events, which the account's owner switches on; a log bucket a bucket would only repeat them.",
    });
  }

  /** `eventBridgeEnabled` of the construct adds a custom resource; the property itself needs none. */
  #emitEvents(): void {
    const resource = this.bucket.node.defaultChild;
    if (!(resource instanceof CfnBucket)) return;
    resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  }
}

function housekeeping(): LifecycleRule {
  return {
    id: "housekeeping",
    abortIncompleteMultipartUploadAfter: Duration.days(2),
    noncurrentVersionExpiration: Duration.days(NONCURRENT_DAYS),
  };
}

function expiry(prefix: string, days: number): LifecycleRule {
  const id = `expire-${prefix === "" ? "all" : prefix.replace(/\W+/g, "-").replace(/-$/, "")}`;
  return { id, ...(prefix === "" ? {} : { prefix }), expiration: Duration.days(days) };
}

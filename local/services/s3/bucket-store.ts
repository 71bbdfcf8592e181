/** Buckets and their configurations: one row a bucket, the configuration in the SDK's own shapes. */
import type {
  BucketLifecycleConfiguration,
  CORSConfiguration,
  OwnershipControls,
  PublicAccessBlockConfiguration,
  ServerSideEncryptionConfiguration,
  Tag,
} from "@aws-sdk/client-s3";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import type { Row } from "../../store/index.ts";
import { accessDenied, bucketNotEmpty, noSuchBucket } from "./errors.ts";
import type { Notification } from "./notification-configuration.ts";

export interface BucketConfiguration {
  versioning?: "Enabled" | "Suspended" | undefined;
  encryption?: ServerSideEncryptionConfiguration | undefined;
  lifecycle?: BucketLifecycleConfiguration | undefined;
  /** Object events go to EventBridge. */
  eventBridge?: boolean | undefined;
  notifications?: readonly Notification[] | undefined;
  publicAccessBlock?: PublicAccessBlockConfiguration | undefined;
  ownership?: OwnershipControls | undefined;
  cors?: CORSConfiguration | undefined;
  tags?: Tag[] | undefined;
  /** The policy's text as given. */
  policy?: string | undefined;
  logging?: { TargetBucket: string; TargetPrefix: string } | undefined;
}

export interface Bucket {
  name: string;
  createdMs: number;
  configuration: BucketConfiguration;
}

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const RESERVED = /^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\.mrap|--x-s3|--table-s3)$/;
const NAME = /^(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

export class BucketStore {
  readonly #home: HomePorts;

  constructor(home: HomePorts) {
    this.#home = home;
  }

  /** @throws AwsError InvalidBucketName */
  create(name: string, configuration: BucketConfiguration): Bucket {
    if (!NAME.test(name) || RESERVED.test(name)) {
      throw new AwsError("InvalidBucketName", "The specified bucket is not valid.", { fields: { BucketName: name } });
    }
    const bucket = { name, createdMs: this.#home.clock.now(), configuration };
    this.#home.store
      .prepare("INSERT INTO s3_buckets VALUES (?, ?, ?)")
      .run(name, bucket.createdMs, JSON.stringify(configuration));
    this.#home.policies.invalidate();
    return bucket;
  }

  find(name: string): Bucket | undefined {
    const row = this.#home.store.prepare("SELECT * FROM s3_buckets WHERE name = ?").get(name);
    return row && fromRow(row);
  }

  /** @throws AwsError NoSuchBucket; AccessDenied when `expectedOwner` is another account */
  get(name: string | undefined, expectedOwner?: string): Bucket {
    const bucket = this.find(name ?? "");
    if (bucket === undefined) throw noSuchBucket(name ?? "");
    if (expectedOwner !== undefined && expectedOwner !== this.#home.accountId) throw accessDenied();
    return bucket;
  }

  list(): Bucket[] {
    return this.#home.store.prepare("SELECT * FROM s3_buckets ORDER BY name").all().map(fromRow);
  }

  /** Changes part of the configuration; `undefined` removes. */
  configure(name: string, change: BucketConfiguration): void {
    const { configuration } = this.get(name);
    this.#home.store
      .prepare("UPDATE s3_buckets SET configuration = ? WHERE name = ?")
      .run(JSON.stringify({ ...configuration, ...change }), name);
    this.#home.policies.invalidate();
  }

  /** @throws AwsError NoSuchBucket, BucketNotEmpty (object versions and delete markers count) */
  delete(name: string): void {
    this.get(name);
    const held = this.#home.store.prepare("SELECT 1 FROM s3_objects WHERE bucket = ? LIMIT 1").get(name);
    if (held !== undefined) throw bucketNotEmpty(name);
    this.#home.store.prepare("DELETE FROM s3_buckets WHERE name = ?").run(name);
    this.#home.policies.invalidate();
  }
}

function fromRow(row: Row): Bucket {
  return {
    name: String(row.name),
    createdMs: Number(row.created_ms),
    configuration: JSON.parse(String(row.configuration)),
  };
}

/** Buckets: create, head, list, delete, location. */
import { AwsError } from "../../aws-error.ts";
import type { Operations } from "../../define-service.ts";
import { bucketArn, onBucket } from "./authorizations.ts";
import type { S3, Sdk } from "./context.ts";

type BucketOperations = Pick<
  Operations<Sdk>,
  "CreateBucket" | "HeadBucket" | "ListBuckets" | "DeleteBucket" | "GetBucketLocation"
>;

const LEGACY_REGION = "us-east-1";

export function bucketOperations(s3: S3): BucketOperations {
  const { buckets, home } = s3;
  return {
    CreateBucket: {
      authorize: onBucket("CreateBucket"),
      handle(input) {
        const name = input.Bucket ?? "";
        const exists = buckets.find(name) !== undefined;
        // us-east-1 answers a second creation by the owner with success.
        if (exists && home.region !== LEGACY_REGION) {
          throw new AwsError(
            "BucketAlreadyOwnedByYou",
            "Your previous request to create the named bucket succeeded and you already own it.",
            { status: 409, fields: { BucketName: name } },
          );
        }
        if (!exists) buckets.create(name, {});
        return { Location: `/${name}`, BucketArn: bucketArn(name) };
      },
    },
    HeadBucket: {
      authorize: onBucket("ListBucket"),
      handle(input) {
        buckets.get(input.Bucket, input.ExpectedBucketOwner);
        return { BucketRegion: home.region };
      },
    },
    ListBuckets: {
      authorize: () => ({ action: "s3:ListAllMyBuckets", resource: "*" }),
      handle(input) {
        const prefix = input.Prefix ?? "";
        const found = buckets
          .list()
          .filter(({ name }) => name.startsWith(prefix) && name > (input.ContinuationToken ?? ""));
        const shown = found.slice(0, input.MaxBuckets ?? 10_000);
        const last = shown.at(-1);
        return {
          Buckets: shown.map(({ name, createdMs }) => ({
            Name: name,
            CreationDate: new Date(createdMs),
            BucketRegion: home.region,
          })),
          Owner: { ID: home.accountId },
          ...(shown.length < found.length && last !== undefined ? { ContinuationToken: last.name } : {}),
          ...(input.Prefix === undefined ? {} : { Prefix: prefix }),
        };
      },
    },
    DeleteBucket: {
      authorize: onBucket("DeleteBucket"),
      handle(input) {
        buckets.get(input.Bucket, input.ExpectedBucketOwner);
        buckets.delete(input.Bucket ?? "");
        return {};
      },
    },
    GetBucketLocation: {
      authorize: onBucket("GetBucketLocation"),
      handle(input) {
        buckets.get(input.Bucket, input.ExpectedBucketOwner);
        return home.region === LEGACY_REGION ? {} : { LocationConstraint: home.region as "eu-central-1" };
      },
    },
  };
}

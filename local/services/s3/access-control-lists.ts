/**
 * ACLs and who owns objects. Here as in every bucket made since April 2023 ACLs are off: the account owns every object, policies alone decide.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html
 */
import type { Grant } from "@aws-sdk/client-s3";
import { AwsError } from "../../aws-error.ts";
import type { Operations } from "../../define-service.ts";
import { onBucket, onObject } from "./authorizations.ts";
import type { S3, Sdk } from "./context.ts";
import { findVersion } from "./find-version.ts";

type AccessOperations = Pick<
  Operations<Sdk>,
  | "GetBucketAcl"
  | "PutBucketAcl"
  | "GetObjectAcl"
  | "PutObjectAcl"
  | "GetBucketOwnershipControls"
  | "PutBucketOwnershipControls"
  | "DeleteBucketOwnershipControls"
>;

/** Say what is the case anyway. */
const CHANGE_NOTHING = new Set(["private", "bucket-owner-full-control"]);

export function accessControlLists(s3: S3): AccessOperations {
  const ID = s3.home.accountId;
  const Grants: Grant[] = [{ Grantee: { ID, Type: "CanonicalUser" }, Permission: "FULL_CONTROL" }];
  const list = { Owner: { ID }, Grants };
  const bucketOf = (input: { Bucket: string | undefined; ExpectedBucketOwner?: string | undefined }) =>
    s3.buckets.get(input.Bucket, input.ExpectedBucketOwner);
  return {
    GetBucketAcl: {
      authorize: onBucket("GetBucketAcl"),
      handle(input) {
        bucketOf(input);
        return list;
      },
    },
    PutBucketAcl: {
      authorize: onBucket("PutBucketAcl"),
      handle(input) {
        bucketOf(input);
        refuseUnlessSame(input.ACL);
        return {};
      },
    },
    GetObjectAcl: {
      authorize: onObject("GetObjectAcl", "GetObjectVersionAcl"),
      handle(input, call) {
        findVersion(s3, input, "GET", call);
        return list;
      },
    },
    PutObjectAcl: {
      authorize: onObject("PutObjectAcl", "PutObjectVersionAcl"),
      handle(input, call) {
        findVersion(s3, input, "PUT", call);
        refuseUnlessSame(input.ACL);
        return {};
      },
    },
    GetBucketOwnershipControls: {
      authorize: onBucket("GetBucketOwnershipControls"),
      handle: (input) => ({
        OwnershipControls: bucketOf(input).configuration.ownership ?? {
          Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }],
        },
      }),
    },
    PutBucketOwnershipControls: {
      authorize: onBucket("PutBucketOwnershipControls"),
      handle(input) {
        s3.buckets.configure(bucketOf(input).name, { ownership: input.OwnershipControls });
        return {};
      },
    },
    DeleteBucketOwnershipControls: {
      authorize: onBucket("PutBucketOwnershipControls"),
      handle(input) {
        s3.buckets.configure(bucketOf(input).name, { ownership: undefined });
        return {};
      },
    },
  };
}

function refuseUnlessSame(acl: string | undefined): void {
  if (acl !== undefined && CHANGE_NOTHING.has(acl)) return;
  throw new AwsError("AccessControlListNotSupported", "The bucket does not allow ACLs");
}

/**
 * Custom resources that the CDK's bucket constructs add, made by the service itself instead of by the CDK's functions:
 * `eventBridgeEnabled`, `addEventNotification`, `autoDeleteObjects` and `BucketDeployment`.
 */
import type { NotificationConfiguration } from "@aws-sdk/client-s3";
import { z } from "zod";
import type { ResourceContext, ResourceState, ResourceType } from "../../define-service.ts";
import { cfnBoolean, parseProperties } from "../../parse-properties.ts";
import { bucketDeploymentResource } from "./bucket-deployment.ts";
import type { S3 } from "./context.ts";
import { setNotifications } from "./notification-operations.ts";

const Notifications = z.strictObject({
  ServiceToken: z.string(),
  BucketName: z.string(),
  NotificationConfiguration: z.custom<NotificationConfiguration>(
    (given) => typeof given === "object" && given !== null,
  ),
  Managed: cfnBoolean.default(true),
  SkipDestinationValidation: cfnBoolean.default(false),
});
const AutoDelete = z.strictObject({ ServiceToken: z.string(), BucketName: z.string() });

export function s3CustomResources(s3: S3): Record<string, ResourceType> {
  return {
    "Custom::S3BucketNotifications": notificationsResource(s3),
    "Custom::S3AutoDeleteObjects": autoDeleteResource(s3),
    "Custom::CDKBucketDeployment": bucketDeploymentResource(s3),
  };
}

function notificationsResource(s3: S3): ResourceType {
  const put = (given: unknown, context: ResourceContext): ResourceState => {
    const properties = parseProperties("Custom::S3BucketNotifications", Notifications, given);
    const { BucketName, NotificationConfiguration, SkipDestinationValidation } = properties;
    setNotifications(s3, BucketName, NotificationConfiguration, !SkipDestinationValidation);
    return { physicalId: context.generateName(), attributes: { BucketName } };
  };
  return {
    properties: Notifications,
    create: put,
    update: (given, _current, context) => put(given, context),
    delete({ attributes }) {
      const name = String(attributes.BucketName);
      if (s3.buckets.find(name)) s3.buckets.configure(name, { notifications: [], eventBridge: false });
    },
  };
}

/** Empties the bucket when it leaves the template. */
function autoDeleteResource(s3: S3): ResourceType {
  return {
    properties: AutoDelete,
    create(given, context) {
      const { BucketName } = parseProperties("Custom::S3AutoDeleteObjects", AutoDelete, given);
      return { physicalId: context.generateName(), attributes: { BucketName } };
    },
    async delete({ attributes }) {
      const Bucket = String(attributes.BucketName);
      const caller = { kind: "home", accountId: s3.home.accountId } as const;
      for (;;) {
        if (s3.buckets.find(Bucket) === undefined) return;
        const listed = await s3.home.call("s3", "ListObjectVersions", { Bucket }, caller);
        const { Versions = [], DeleteMarkers = [] } = Listed.parse(listed);
        const Objects = [...Versions, ...DeleteMarkers];
        if (Objects.length === 0) return;
        await s3.home.call("s3", "DeleteObjects", { Bucket, Delete: { Objects, Quiet: true } }, caller);
      }
    },
  };
}

const Version = z.object({ Key: z.string(), VersionId: z.string().optional() });
const Listed = z.object({ Versions: z.array(Version).optional(), DeleteMarkers: z.array(Version).optional() });

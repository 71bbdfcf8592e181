/** Reading and writing a bucket's event notifications. */
import type { NotificationConfiguration } from "@aws-sdk/client-s3";
import { AwsError } from "../../aws-error.ts";
import type { Operations } from "../../define-service.ts";
import { onBucket } from "./authorizations.ts";
import type { S3, Sdk } from "./context.ts";
import { configurationOfNotifications, notificationsOf } from "./notification-configuration.ts";

export type NotificationOperations = Pick<
  Operations<Sdk>,
  "GetBucketNotificationConfiguration" | "PutBucketNotificationConfiguration"
>;

export function notificationOperations(s3: S3): NotificationOperations {
  return {
    GetBucketNotificationConfiguration: {
      authorize: onBucket("GetBucketNotification"),
      handle({ Bucket, ExpectedBucketOwner }) {
        const { eventBridge, notifications = [] } = s3.buckets.get(Bucket, ExpectedBucketOwner).configuration;
        return {
          ...configurationOfNotifications(notifications),
          ...(eventBridge === true ? { EventBridgeConfiguration: {} } : {}),
        };
      },
    },
    PutBucketNotificationConfiguration: {
      authorize: onBucket("PutBucketNotification"),
      handle({ Bucket, ExpectedBucketOwner, NotificationConfiguration = {}, SkipDestinationValidation }) {
        const { name } = s3.buckets.get(Bucket, ExpectedBucketOwner);
        setNotifications(s3, name, NotificationConfiguration, SkipDestinationValidation !== true);
        return {};
      },
    },
  };
}

/**
 * Replaces the bucket's notifications; `validate` asks each destination whether it lets the bucket in, and tells it so.
 * @throws AwsError InvalidArgument, NotImplemented
 */
export function setNotifications(
  s3: S3,
  bucket: string,
  configuration: NotificationConfiguration,
  validate: boolean,
): void {
  const notifications = notificationsOf(configuration, () => s3.home.uuid());
  const refusing = validate ? notifications.filter((one) => !s3.notifications.permitted(bucket, one)) : [];
  if (refusing.length > 0) {
    const destinations = refusing.map(({ arn }) => `${arn}: its policy does not let s3.amazonaws.com notify it`);
    throw new AwsError(
      "InvalidArgument",
      `Unable to validate the following destination configurations (${destinations.join("; ")})`,
    );
  }
  s3.buckets.configure(bucket, {
    notifications,
    eventBridge: configuration.EventBridgeConfiguration !== undefined,
  });
  if (validate) s3.notifications.test(bucket, notifications);
}

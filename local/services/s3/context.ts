/** What S3's operations share. */
import type { HomePorts } from "../../define-service.ts";
import type { BucketStore } from "./bucket-store.ts";
import type { ObjectEvents } from "./object-events.ts";
import type { ObjectFiles } from "./object-files.ts";
import type { ObjectNotifications } from "./object-notifications.ts";
import type { ObjectStore } from "./object-store.ts";

export type Sdk = typeof import("@aws-sdk/client-s3");

export interface S3 {
  home: HomePorts;
  buckets: BucketStore;
  objects: ObjectStore;
  files: ObjectFiles;
  events: ObjectEvents;
  notifications: ObjectNotifications;
}

/**
 * S3: buckets in SQLite, object data as files. An object is acknowledged once its file is fsync'd and its row committed, so
 * it survives kill -9; a file without a row was never acknowledged and is swept at the start.
 */
import { defineService } from "../../define-service.ts";
import { accessControlLists } from "./access-control-lists.ts";
import { bucketConfiguration } from "./bucket-configuration.ts";
import { bucketOperations } from "./bucket-operations.ts";
import { policyOf } from "./bucket-policy.ts";
import { BucketStore } from "./bucket-store.ts";
import { completeUpload } from "./complete-upload.ts";
import type { S3, Sdk } from "./context.ts";
import { copyObject } from "./copy-object.ts";
import { deleteObjects } from "./delete-objects.ts";
import { furtherConfigurations } from "./further-configurations.ts";
import { expireObjects, nextSweepMs } from "./lifecycle.ts";
import { listObjects } from "./list-objects.ts";
import { multipart } from "./multipart.ts";
import { MultipartStore } from "./multipart-store.ts";
import { ObjectEvents } from "./object-events.ts";
import { ObjectFiles } from "./object-files.ts";
import { ObjectNotifications } from "./object-notifications.ts";
import { ObjectStore } from "./object-store.ts";
import { objectTagging } from "./object-tagging.ts";
import { putObject } from "./put-object.ts";
import { readObject } from "./read-object.ts";
import { s3Resources } from "./resources.ts";
import { S3_TABLES } from "./tables.ts";

const COLLECT_EVERY_MS = 10 * 60_000;

export const s3 = defineService<Sdk>({
  name: "s3",
  signingName: "s3",
  iamPrefix: "s3",
  sdk: () => import("@aws-sdk/client-s3"),
  create(home) {
    home.store.migrate("s3", S3_TABLES);
    const files = new ObjectFiles(home);
    const buckets = new BucketStore(home);
    const uploads = new MultipartStore(home, files);
    const notifications = new ObjectNotifications(home);
    const events = new ObjectEvents(home, notifications);
    const service: S3 = { home, buckets, files, objects: new ObjectStore(home, files), events, notifications };
    home.policies.setResourceSource("s3", (arn) => policyOf(buckets, arn));
    const timers = new Set<() => void>();
    const repeat = (nextMs: (nowMs: number) => number, work: () => void) => {
      const cancel = home.clock.at(nextMs(home.clock.now()), () => {
        timers.delete(cancel);
        work();
        repeat(nextMs, work);
      });
      timers.add(cancel);
    };
    const collect = () =>
      void files
        .collect()
        .catch((error) => home.log("warn", "s3: discarded files could not be removed", { error: String(error) }));
    return {
      resources: s3Resources(service),
      operations: {
        ...bucketOperations(service),
        ...bucketConfiguration(service),
        ...furtherConfigurations(service),
        ...accessControlLists(service),
        ...putObject(service),
        ...readObject(service),
        ...copyObject(service),
        ...deleteObjects(service),
        ...listObjects(service),
        ...objectTagging(service),
        ...multipart(service, uploads),
        ...completeUpload(service, uploads),
      },
      async start() {
        notifications.start();
        await files.sweep();
        collect();
        expireObjects(service, uploads);
        repeat(nextSweepMs, () => expireObjects(service, uploads));
        repeat((now) => now + COLLECT_EVERY_MS, collect);
      },
      stop() {
        notifications.stop();
        for (const cancel of timers) cancel();
        timers.clear();
        files.close();
      },
    };
  },
});

/**
 * What S3 tells of a change to an object, within the batch of the change: an event on the default bus for a bucket with
 * EventBridge switched on, and the notifications its configuration asks for.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
 */
import type { Call, HomePorts } from "../../define-service.ts";
import { bucketArn } from "./authorizations.ts";
import type { Bucket } from "./bucket-store.ts";
import type { RaisedEvent } from "./notification-configuration.ts";
import type { ObjectNotifications } from "./object-notifications.ts";
import type { ObjectVersion } from "./object-store.ts";

export type CreatedReason = "PutObject" | "POST Object" | "CopyObject" | "CompleteMultipartUpload";
export type DeletionType = "Permanently Deleted" | "Delete Marker Created";

// MD5 of nothing: what S3 shows as a delete marker's ETag.
const EMPTY_ETAG = "d41d8cd98f00b204e9800998ecf8427e";

const CREATED: Readonly<Record<CreatedReason, RaisedEvent>> = {
  PutObject: "s3:ObjectCreated:Put",
  "POST Object": "s3:ObjectCreated:Post",
  CopyObject: "s3:ObjectCreated:Copy",
  CompleteMultipartUpload: "s3:ObjectCreated:CompleteMultipartUpload",
};

export class ObjectEvents {
  readonly #home: HomePorts;
  readonly #notifications: ObjectNotifications;

  constructor(home: HomePorts, notifications: ObjectNotifications) {
    this.#home = home;
    this.#notifications = notifications;
  }

  created(bucket: Bucket, version: ObjectVersion, reason: CreatedReason, call: Call): void {
    this.#home.sign();
    this.#emit(bucket, "Object Created", {
      object: {
        key: version.key,
        size: version.size,
        etag: version.etag,
        ...versionMember(version),
        sequencer: sequencer(version.sequence),
      },
      ...this.#origin(call),
      reason,
    });
    const { size, etag: eTag } = version;
    this.#notify(bucket, CREATED[reason], version, { size, eTag }, version.sequence, call);
  }

  /** `sequence`: a new one when a version went for good. `call` is undefined when the lifecycle did it. */
  deleted(bucket: Bucket, version: ObjectVersion, sequence: number, type: DeletionType, call: Call | undefined): void {
    this.#emit(bucket, "Object Deleted", {
      object: {
        key: version.key,
        ...(type === "Delete Marker Created" ? { etag: EMPTY_ETAG } : {}),
        ...versionMember(version),
        sequencer: sequencer(sequence),
      },
      ...this.#origin(call),
      reason: call === undefined ? "Lifecycle Expiration" : "DeleteObject",
      "deletion-type": type,
    });
    const family = call === undefined ? "s3:LifecycleExpiration" : "s3:ObjectRemoved";
    const event = type === "Delete Marker Created" ? "DeleteMarkerCreated" : "Delete";
    this.#notify(bucket, `${family}:${event}`, version, {}, sequence, call);
  }

  #notify(
    bucket: Bucket,
    event: RaisedEvent,
    version: ObjectVersion,
    about: object,
    sequence: number,
    call: Call | undefined,
  ): void {
    const versionId = version.versionId === "null" ? {} : { versionId: version.versionId };
    const { "request-id": requestId, requester } = this.#origin(call);
    const object = { ...about, ...versionId, sequencer: sequencer(sequence) };
    this.#notifications.enqueue(bucket, { event, key: version.key, object, requestId, requester, trace: call?.trace });
  }

  #emit(bucket: Bucket, detailType: string, detail: Record<string, unknown>): void {
    if (!bucket.configuration.eventBridge) return;
    this.#home.emit({
      source: "aws.s3",
      "detail-type": detailType,
      detail: { version: "0", bucket: { name: bucket.name }, ...detail },
      resources: [bucketArn(bucket.name)],
    });
  }

  #origin(call: Call | undefined) {
    if (call === undefined) return { "request-id": this.#home.uuid(), requester: "s3.amazonaws.com" };
    return {
      "request-id": call.requestId,
      requester: call.principal.kind === "service" ? call.principal.service : this.#home.accountId,
      "source-ip-address": "127.0.0.1",
    };
  }
}

function versionMember(version: ObjectVersion) {
  return version.versionId === "null" ? {} : { "version-id": version.versionId };
}

/** Later changes of a key compare greater as text. */
function sequencer(sequence: number): string {
  return sequence.toString(16).toUpperCase().padStart(18, "0");
}

/** Keys: made, described, enabled, disabled, deleted; their policies, rotation and tags. */
import type { KeyMetadata, Tag } from "@aws-sdk/client-kms";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts, Operations } from "../../define-service.ts";
import type { KeyRecord, KeyStore } from "./key-store.ts";

type Sdk = typeof import("@aws-sdk/client-kms");
type KeyOperations = Pick<
  Operations<Sdk>,
  | "CreateKey"
  | "DescribeKey"
  | "ListKeys"
  | "EnableKey"
  | "DisableKey"
  | "UpdateKeyDescription"
  | "ScheduleKeyDeletion"
  | "CancelKeyDeletion"
  | "GetKeyPolicy"
  | "PutKeyPolicy"
  | "ListKeyPolicies"
  | "EnableKeyRotation"
  | "DisableKeyRotation"
  | "GetKeyRotationStatus"
  | "TagResource"
  | "UntagResource"
  | "ListResourceTags"
>;

const DAY_MS = 86_400_000;
const MAX_PAGE = 100;

export type OnKey = (input: { KeyId?: string | undefined }) => { resource: string };

export function keyOperations(home: HomePorts, keys: KeyStore, onKey: OnKey): KeyOperations {
  const change = (reference: string | undefined, changes: (record: KeyRecord) => Partial<KeyRecord>) => {
    const record = keys.get(reference ?? "");
    if (record.state === "PendingDeletion") throw pendingDeletion(keys, record);
    keys.put({ ...record, ...changes(record) });
    return {};
  };
  return {
    CreateKey: {
      handle({ Description = "", Policy, Tags = [], MultiRegion = false, KeySpec = "SYMMETRIC_DEFAULT", KeyUsage }) {
        if (KeySpec !== "SYMMETRIC_DEFAULT" || (KeyUsage ?? "ENCRYPT_DECRYPT") !== "ENCRYPT_DECRYPT") {
          throw new AwsError(
            "UnsupportedOperationException",
            `keys of ${KeySpec} for ${KeyUsage} are not built in the embedded home; built: SYMMETRIC_DEFAULT for ENCRYPT_DECRYPT`,
          );
        }
        const tags = tagsOf(Tags);
        const record = keys.create({ description: Description, policy: Policy, tags, multiRegion: MultiRegion });
        return { KeyMetadata: metadata(home, keys, record) };
      },
    },
    DescribeKey: {
      authorize: onKey,
      handle: ({ KeyId = "" }) => ({ KeyMetadata: metadata(home, keys, keys.get(KeyId)) }),
    },
    ListKeys: {
      handle({ Limit = MAX_PAGE, Marker }) {
        const rest = keys.all().filter(({ id }) => Marker === undefined || id > Marker);
        const page = rest.slice(0, Limit);
        const truncated = rest.length > page.length;
        return {
          Keys: page.map(({ id }) => ({ KeyId: id, KeyArn: keys.arn(id) })),
          Truncated: truncated,
          ...(truncated ? { NextMarker: page.at(-1)?.id } : {}),
        };
      },
    },
    EnableKey: { authorize: onKey, handle: ({ KeyId }) => change(KeyId, () => ({ state: "Enabled" })) },
    DisableKey: { authorize: onKey, handle: ({ KeyId }) => change(KeyId, () => ({ state: "Disabled" })) },
    UpdateKeyDescription: {
      authorize: onKey,
      handle: ({ KeyId, Description = "" }) => change(KeyId, () => ({ description: Description })),
    },
    ScheduleKeyDeletion: {
      authorize: onKey,
      handle({ KeyId, PendingWindowInDays = 30 }) {
        if (PendingWindowInDays < 7 || PendingWindowInDays > 30) {
          throw new AwsError("ValidationException", "PendingWindowInDays must be between 7 and 30");
        }
        const deletionMs = home.clock.now() + PendingWindowInDays * DAY_MS;
        change(KeyId, () => ({ state: "PendingDeletion", deletionMs }));
        const { id, state } = keys.get(KeyId ?? "");
        return { KeyId: keys.arn(id), DeletionDate: new Date(deletionMs), KeyState: state, PendingWindowInDays };
      },
    },
    CancelKeyDeletion: {
      authorize: onKey,
      handle({ KeyId = "" }) {
        const { deletionMs: _, ...record } = keys.get(KeyId);
        if (record.state !== "PendingDeletion") {
          throw new AwsError("KMSInvalidStateException", `${keys.arn(record.id)} is not pending deletion.`);
        }
        keys.put({ ...record, state: "Disabled" });
        return { KeyId: keys.arn(record.id) };
      },
    },
    ...policyOperations(keys, onKey, change),
    ...rotationOperations(keys, onKey, change),
    ...tagOperations(keys, onKey, change),
  };
}

type Change = (reference: string | undefined, changes: (record: KeyRecord) => Partial<KeyRecord>) => object;

function policyOperations(
  keys: KeyStore,
  authorize: OnKey,
  change: Change,
): Pick<KeyOperations, "GetKeyPolicy" | "PutKeyPolicy" | "ListKeyPolicies"> {
  return {
    GetKeyPolicy: {
      authorize,
      handle: ({ KeyId = "" }) => ({ Policy: keys.get(KeyId).policy, PolicyName: "default" }),
    },
    PutKeyPolicy: {
      authorize,
      handle({ KeyId, Policy = "" }) {
        if (!isJsonObject(Policy))
          throw new AwsError("MalformedPolicyDocumentException", "The policy is not a JSON object");
        return change(KeyId, () => ({ policy: Policy }));
      },
    },
    ListKeyPolicies: {
      authorize,
      handle({ KeyId = "" }) {
        keys.get(KeyId);
        return { PolicyNames: ["default"], Truncated: false };
      },
    },
  };
}

function rotationOperations(
  keys: KeyStore,
  authorize: OnKey,
  change: Change,
): Pick<KeyOperations, "EnableKeyRotation" | "DisableKeyRotation" | "GetKeyRotationStatus"> {
  return {
    EnableKeyRotation: {
      authorize,
      handle: ({ KeyId, RotationPeriodInDays = 365 }) =>
        change(KeyId, () => ({ rotation: true, rotationDays: RotationPeriodInDays })),
    },
    DisableKeyRotation: { authorize, handle: ({ KeyId }) => change(KeyId, () => ({ rotation: false })) },
    GetKeyRotationStatus: {
      authorize,
      handle({ KeyId = "" }) {
        const { id, rotation, rotationDays } = keys.get(KeyId);
        const period = rotation ? { RotationPeriodInDays: rotationDays } : {};
        return { KeyId: keys.arn(id), KeyRotationEnabled: rotation, ...period };
      },
    },
  };
}

function tagOperations(
  keys: KeyStore,
  authorize: OnKey,
  change: Change,
): Pick<KeyOperations, "TagResource" | "UntagResource" | "ListResourceTags"> {
  return {
    TagResource: {
      authorize,
      handle: ({ KeyId, Tags = [] }) => change(KeyId, ({ tags }) => ({ tags: { ...tags, ...tagsOf(Tags) } })),
    },
    UntagResource: {
      authorize,
      handle: ({ KeyId, TagKeys = [] }) =>
        change(KeyId, ({ tags }) => ({
          tags: Object.fromEntries(Object.entries(tags).filter(([name]) => !TagKeys.includes(name))),
        })),
    },
    ListResourceTags: {
      authorize,
      handle: ({ KeyId = "" }) => ({
        Tags: Object.entries(keys.get(KeyId).tags).map(([TagKey, TagValue]) => ({ TagKey, TagValue })),
        Truncated: false,
      }),
    },
  };
}

function tagsOf(tags: readonly Partial<Tag>[]): Record<string, string> {
  return Object.fromEntries(tags.map(({ TagKey = "", TagValue = "" }) => [TagKey, TagValue]));
}

function metadata(home: HomePorts, keys: KeyStore, record: KeyRecord): KeyMetadata {
  return {
    AWSAccountId: home.accountId,
    KeyId: record.id,
    Arn: keys.arn(record.id),
    CreationDate: new Date(record.createdMs),
    Enabled: record.state === "Enabled",
    Description: record.description,
    KeyUsage: "ENCRYPT_DECRYPT",
    KeyState: record.state,
    Origin: "AWS_KMS",
    KeyManager: "CUSTOMER",
    KeySpec: "SYMMETRIC_DEFAULT",
    CustomerMasterKeySpec: "SYMMETRIC_DEFAULT",
    EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
    MultiRegion: record.multiRegion,
    ...(record.deletionMs === undefined ? {} : { DeletionDate: new Date(record.deletionMs) }),
  };
}

export function pendingDeletion(keys: KeyStore, { id }: KeyRecord): AwsError {
  return new AwsError("KMSInvalidStateException", `${keys.arn(id)} is pending deletion.`);
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

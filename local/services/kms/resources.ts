/** AWS::KMS::Key and AWS::KMS::Alias. */
import { z } from "zod";
import type { HomePorts, ResourceState, ResourceType } from "../../define-service.ts";
import { cfnBoolean, cfnNumber, cfnTags, parseProperties } from "../../parse-properties.ts";
import { checkAliasName } from "./alias-operations.ts";
import type { KeyRecord, KeyStore } from "./key-store.ts";

const KeyProperties = z.strictObject({
  Description: z.string().default(""),
  KeyPolicy: z.record(z.string(), z.unknown()).optional(),
  Enabled: cfnBoolean.default(true),
  EnableKeyRotation: cfnBoolean.default(false),
  RotationPeriodInDays: cfnNumber.default(365),
  MultiRegion: cfnBoolean.default(false),
  KeySpec: z.literal("SYMMETRIC_DEFAULT").optional(),
  KeyUsage: z.literal("ENCRYPT_DECRYPT").optional(),
  Origin: z.literal("AWS_KMS").optional(),
  PendingWindowInDays: cfnNumber.pipe(z.number().min(7).max(30)).default(30),
  BypassPolicyLockoutSafetyCheck: cfnBoolean.optional(),
  Tags: cfnTags.default([]),
});
const AliasProperties = z.strictObject({ AliasName: z.string(), TargetKeyId: z.string() });

const DAY_MS = 86_400_000;

export function keyResource(home: HomePorts, keys: KeyStore): ResourceType {
  const put = (record: KeyRecord, given: z.infer<typeof KeyProperties>): ResourceState => {
    keys.put({
      ...record,
      description: given.Description,
      policy: given.KeyPolicy === undefined ? record.policy : JSON.stringify(given.KeyPolicy),
      state: given.Enabled ? "Enabled" : "Disabled",
      rotation: given.EnableKeyRotation,
      rotationDays: given.RotationPeriodInDays,
      deletionDays: given.PendingWindowInDays,
      tags: Object.fromEntries(given.Tags.map(({ Key, Value }) => [Key, Value])),
    });
    return { physicalId: record.id, attributes: { Arn: keys.arn(record.id), KeyId: record.id } };
  };
  const parse = (properties: unknown) => parseProperties("AWS::KMS::Key", KeyProperties, properties);
  return {
    properties: KeyProperties,
    create(properties) {
      const given = parse(properties);
      return put(keys.create({ description: "", tags: {}, multiRegion: given.MultiRegion, policy: undefined }), given);
    },
    update(properties, current) {
      const given = parse(properties);
      const record = keys.get(current.physicalId);
      return given.MultiRegion === record.multiRegion ? put(record, given) : "replace";
    },
    /** CloudFormation, too, only schedules a key's deletion. */
    delete({ physicalId }) {
      const record = keys.find(physicalId);
      if (record === undefined) return;
      keys.put({ ...record, state: "PendingDeletion", deletionMs: home.clock.now() + record.deletionDays * DAY_MS });
    },
  };
}

export function aliasResource(keys: KeyStore): ResourceType {
  const put = (properties: unknown): ResourceState => {
    const { AliasName, TargetKeyId } = parseProperties("AWS::KMS::Alias", AliasProperties, properties);
    checkAliasName(AliasName);
    keys.putAlias(AliasName, keys.get(TargetKeyId).id);
    return { physicalId: AliasName, attributes: { AliasName } };
  };
  return {
    properties: AliasProperties,
    create: put,
    update(properties, current) {
      const { AliasName } = parseProperties("AWS::KMS::Alias", AliasProperties, properties);
      return AliasName === current.physicalId ? put(properties) : "replace";
    },
    delete: ({ physicalId }) => keys.dropAlias(physicalId),
  };
}

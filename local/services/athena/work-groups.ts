/** Workgroups: where results go, what clients may not override, how much a query may read. */
import { z } from "zod";
import type { HomePorts } from "../../define-service.ts";
import { invalidRequest } from "./errors.ts";

const Truth = z.union([z.boolean(), z.enum(["true", "false"]).transform((text) => text === "true")]);

const ResultConfiguration = z.strictObject({
  OutputLocation: z.string().startsWith("s3://").optional(),
  EncryptionConfiguration: z
    .strictObject({ EncryptionOption: z.enum(["SSE_S3", "SSE_KMS", "CSE_KMS"]), KmsKey: z.string().optional() })
    .optional(),
  ExpectedBucketOwner: z.string().optional(),
  AclConfiguration: z.strictObject({ S3AclOption: z.literal("BUCKET_OWNER_FULL_CONTROL") }).optional(),
});

export const Configuration = z.strictObject({
  ResultConfiguration: ResultConfiguration.optional(),
  EnforceWorkGroupConfiguration: Truth.optional(),
  PublishCloudWatchMetricsEnabled: Truth.optional(),
  BytesScannedCutoffPerQuery: z.coerce.number().int().min(10_000_000).optional(),
  RequesterPaysEnabled: Truth.optional(),
  EnableMinimumEncryptionConfiguration: Truth.optional(),
  EngineVersion: z
    .strictObject({ SelectedEngineVersion: z.string().optional(), EffectiveEngineVersion: z.string().optional() })
    .optional(),
});

export interface WorkGroup {
  name: string;
  description: string | undefined;
  state: "ENABLED" | "DISABLED";
  configuration: z.infer<typeof Configuration>;
  createdMs: number;
}

export interface WorkGroups {
  /** @throws AwsError InvalidRequestException */
  get(name: string): WorkGroup;
  all(): WorkGroup[];
  put(group: WorkGroup): void;
  delete(name: string): void;
}

export function createWorkGroups({ store, clock }: HomePorts): WorkGroups {
  const find = store.prepare("SELECT body FROM athena_work_groups WHERE name = ?");
  const list = store.prepare("SELECT body FROM athena_work_groups ORDER BY name");
  const put = store.prepare(
    "INSERT INTO athena_work_groups VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET body = excluded.body",
  );
  const remove = store.prepare("DELETE FROM athena_work_groups WHERE name = ?");
  // Every account has it; it has no place for results until one is set.
  const primary: WorkGroup = {
    name: "primary",
    description: undefined,
    state: "ENABLED",
    configuration: {},
    createdMs: clock.now(),
  };
  const read = (body: unknown): WorkGroup => JSON.parse(String(body));
  return {
    get(name) {
      const row = find.get(name);
      if (row !== undefined) return read(row.body);
      if (name === primary.name) return primary;
      throw invalidRequest(`WorkGroup ${name} is not found.`);
    },
    all() {
      const groups = list.all().map(({ body }) => read(body));
      return groups.some(({ name }) => name === primary.name) ? groups : [primary, ...groups];
    },
    put: (group) => void put.run(group.name, JSON.stringify(group)),
    delete: (name) => void remove.run(name),
  };
}

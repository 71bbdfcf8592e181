import {
  CancelKeyDeletionCommand,
  CreateAliasCommand,
  CreateKeyCommand,
  DecryptCommand,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  KMSClient,
  ListAliasesCommand,
  ReEncryptCommand,
  ScheduleKeyDeletionCommand,
  UpdateAliasCommand,
} from "@aws-sdk/client-kms";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Home, openHome } from "../../../../local/home.ts";
import { kms } from "../../../../local/services/kms/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

const ROLE = "arn:aws:iam::000000000000:role/reader";

describe("KMS through its own client", () => {
  let directory: string;
  let home: Home;
  let client: KMSClient;
  const open = async () => {
    home = await openHome({ directory, services: [kms] });
    client = new KMSClient(home.clientConfig());
  };
  beforeEach(async () => {
    directory = temporaryFolder("kms");
    await open();
  });
  afterEach(() => home.close());
  const createKey = async (Policy?: object) => {
    const policy = Policy === undefined ? {} : { Policy: JSON.stringify(Policy) };
    const { KeyMetadata } = await client.send(new CreateKeyCommand(policy));
    return { id: KeyMetadata?.KeyId ?? "", arn: KeyMetadata?.Arn ?? "" };
  };
  const encrypt = async (KeyId: string, text: string, EncryptionContext = {}) => {
    const answer = await client.send(new EncryptCommand({ KeyId, Plaintext: Buffer.from(text), EncryptionContext }));
    return answer.CiphertextBlob ?? new Uint8Array();
  };
  const decrypt = async (
    CiphertextBlob: Uint8Array,
    more: { KeyId?: string; EncryptionContext?: Record<string, string> } = {},
  ) => {
    const { Plaintext } = await client.send(new DecryptCommand({ CiphertextBlob, ...more }));
    return Buffer.from(Plaintext ?? []).toString();
  };

  it("decrypts what it encrypted, without being told the key, also after the home is opened again", async () => {
    const { arn } = await createKey();
    const blob = await encrypt(arn, "hidden", { for: "claims" });
    expect(Buffer.from(blob).toString("latin1")).not.toContain("hidden");
    await home.close();
    await open();
    expect(await decrypt(blob, { EncryptionContext: { for: "claims" } })).toBe("hidden");
  });

  it("refuses another context, another key, and a blob that was touched", async () => {
    const [key, other] = [await createKey(), await createKey()];
    const blob = await encrypt(key.id, "hidden", { a: "1", b: "2" });
    const context = { EncryptionContext: { b: "2", a: "1" } };
    expect(await decrypt(blob, context)).toBe("hidden");
    const invalid = { name: "InvalidCiphertextException" };
    await expect(decrypt(blob, { EncryptionContext: { a: "1" } })).rejects.toMatchObject(invalid);
    await expect(decrypt(blob, { ...context, KeyId: other.id })).rejects.toMatchObject({
      name: "IncorrectKeyException",
    });
    const touched = Uint8Array.from(blob, (byte, index) => (index === blob.length - 1 ? byte ^ 1 : byte));
    await expect(decrypt(touched, context)).rejects.toMatchObject(invalid);
    await expect(decrypt(Buffer.from("no blob"))).rejects.toMatchObject(invalid);
  });

  it("wraps data keys of the size asked for", async () => {
    const { id } = await createKey();
    for (const [asked, bytes] of [
      [{ KeySpec: "AES_256" as const }, 32],
      [{ KeySpec: "AES_128" as const }, 16],
      [{ NumberOfBytes: 64 }, 64],
    ] as const) {
      const { Plaintext = new Uint8Array(), CiphertextBlob } = await client.send(
        new GenerateDataKeyCommand({ KeyId: id, ...asked }),
      );
      expect(Plaintext).toHaveLength(bytes);
      expect((await client.send(new DecryptCommand({ CiphertextBlob }))).Plaintext).toEqual(Plaintext);
    }
    await expect(client.send(new GenerateDataKeyCommand({ KeyId: id }))).rejects.toThrow(
      "Please specify either number of bytes or key spec.",
    );
  });

  it("re-encrypts under another key", async () => {
    const [from, to] = [await createKey(), await createKey()];
    const answer = await client.send(
      new ReEncryptCommand({ CiphertextBlob: await encrypt(from.id, "moved"), DestinationKeyId: to.id }),
    );
    expect(answer).toMatchObject({ SourceKeyId: from.arn, KeyId: to.arn });
    expect(await decrypt(answer.CiphertextBlob ?? new Uint8Array(), { KeyId: to.id })).toBe("moved");
  });

  it("finds keys by alias, and an alias can be turned to another key", async () => {
    const [first, second] = [await createKey(), await createKey()];
    await client.send(new CreateAliasCommand({ AliasName: "alias/data", TargetKeyId: first.id }));
    const old = await encrypt("alias/data", "old");
    await client.send(new UpdateAliasCommand({ AliasName: "alias/data", TargetKeyId: second.arn }));
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: "alias/data" }));
    expect(KeyMetadata?.Arn).toBe(second.arn);
    expect(await decrypt(old)).toBe("old");
    const { Aliases } = await client.send(new ListAliasesCommand({ KeyId: second.id }));
    expect(Aliases?.map(({ AliasName }) => AliasName)).toEqual(["alias/data"]);
    await expect(
      client.send(new CreateAliasCommand({ AliasName: "alias/data", TargetKeyId: first.id })),
    ).rejects.toMatchObject({ name: "AlreadyExistsException" });
  });

  it("neither encrypts nor decrypts with a key that is disabled or about to be deleted", async () => {
    const { id, arn } = await createKey();
    const blob = await encrypt(id, "text");
    await client.send(new DisableKeyCommand({ KeyId: id }));
    await expect(decrypt(blob)).rejects.toMatchObject({ name: "DisabledException", message: `${arn} is disabled.` });
    await client.send(new EnableKeyCommand({ KeyId: id }));
    await client.send(new ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays: 7 }));
    await expect(encrypt(id, "more")).rejects.toMatchObject({
      name: "KMSInvalidStateException",
      message: `${arn} is pending deletion.`,
    });
    await client.send(new CancelKeyDeletionCommand({ KeyId: id }));
    await client.send(new EnableKeyCommand({ KeyId: id }));
    expect(await decrypt(blob)).toBe("text");
  });

  it("tells what is not there", async () => {
    await expect(client.send(new DescribeKeyCommand({ KeyId: "alias/none" }))).rejects.toMatchObject({
      name: "NotFoundException",
      message: "Alias arn:aws:kms:us-east-1:000000000000:alias/none is not found.",
    });
    await expect(encrypt("1234", "x")).rejects.toThrow(
      "Key 'arn:aws:kms:us-east-1:000000000000:key/1234' does not exist",
    );
  });

  it("lets a role use a key by the key's policy, or by its own where the key's leaves that to the account", async () => {
    const reader = { kind: "role", roleArn: ROLE, sessionName: "s" } as const;
    const allow = (Resource: string) => ({ Effect: "Allow", Action: "kms:Encrypt", Resource });
    const named = await createKey({
      Version: "2012-10-17",
      Statement: [{ ...allow("*"), Principal: { AWS: ROLE } }],
    });
    const [mine, other] = [await createKey(), await createKey()];
    const strangers = { ...allow("*"), Principal: { AWS: "arn:aws:iam::000000000000:role/stranger" } };
    const closed = await createKey({ Version: "2012-10-17", Statement: [strangers] });
    home.ports.policies.setRoleSource((roleArn) =>
      roleArn === ROLE
        ? {
            roleArn,
            policies: [{ name: "p", document: { Statement: [allow(mine.arn), allow(closed.arn)] } }],
            trust: {},
          }
        : undefined,
    );
    const asReader = (KeyId: string) =>
      home.ports.call("kms", "Encrypt", { KeyId, Plaintext: Buffer.from("x") }, reader);
    await expect(asReader(named.id)).resolves.toMatchObject({ KeyId: named.arn });
    await expect(asReader(mine.id)).resolves.toMatchObject({ KeyId: mine.arn });
    await expect(asReader(other.id)).rejects.toMatchObject({
      code: "AccessDeniedException",
      message: expect.stringContaining(`kms:Encrypt on resource: ${other.arn} because no identity-based policy`),
    });
    await expect(asReader(closed.id)).rejects.toMatchObject({
      message: expect.stringContaining(`kms:Encrypt on resource: ${closed.arn} because no resource-based policy`),
    });
  });

  it("makes the keys and aliases of a template, and only schedules their end", async () => {
    const context = { stackName: "s", logicalId: "Key", generateName: () => "n" };
    const typeOf = (name: string) => home.resourceTypes.get(name) ?? expect.fail(name);
    const key = await typeOf("AWS::KMS::Key").create({ Description: "rows", EnableKeyRotation: true }, context);
    const TargetKeyId = key.attributes.Arn;
    await typeOf("AWS::KMS::Alias").create({ AliasName: "alias/rows", TargetKeyId }, context);
    const blob = await encrypt("alias/rows", "row");
    await typeOf("AWS::KMS::Key").delete(key, context);
    const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId: "alias/rows" }));
    expect(KeyMetadata).toMatchObject({ Description: "rows", KeyState: "PendingDeletion" });
    await client.send(new CancelKeyDeletionCommand({ KeyId: key.physicalId }));
    await client.send(new EnableKeyCommand({ KeyId: key.physicalId }));
    expect(await decrypt(blob)).toBe("row");
  });
});

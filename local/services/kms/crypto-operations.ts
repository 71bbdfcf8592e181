/** Encrypting with keys: small texts, and data keys. Source: https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html */
import { randomBytes } from "node:crypto";
import type { GenerateDataKeyRequest } from "@aws-sdk/client-kms";
import { AwsError } from "../../aws-error.ts";
import type { Operations } from "../../define-service.ts";
import { type EncryptionContext, keyIdOf, seal, unseal } from "./envelope.ts";
import { type OnKey, pendingDeletion } from "./key-operations.ts";
import type { KeyRecord, KeyStore } from "./key-store.ts";

type Sdk = typeof import("@aws-sdk/client-kms");
type CryptoOperations = Pick<
  Operations<Sdk>,
  "Encrypt" | "Decrypt" | "ReEncrypt" | "GenerateDataKey" | "GenerateDataKeyWithoutPlaintext" | "GenerateRandom"
>;

const MAX_PLAINTEXT_BYTES = 4096;
const MAX_RANDOM_BYTES = 1024;
const ALGORITHM = "SYMMETRIC_DEFAULT";

export function cryptoOperations(keys: KeyStore, onKey: OnKey): CryptoOperations {
  const onBlob = (blob: Uint8Array | undefined, KeyId: string | undefined) =>
    onKey({ KeyId: KeyId ?? keyIdOf(blob ?? new Uint8Array()) });
  const encrypt = (reference: string, plaintext: Uint8Array, context: EncryptionContext) => {
    const { id } = usable(keys, keys.get(reference));
    return { KeyId: keys.arn(id), CiphertextBlob: seal(id, keys.material(id), plaintext, context) };
  };
  const decrypt = (blob: Uint8Array, wanted: string | undefined, context: EncryptionContext) => {
    const { id } = usable(keys, keys.get(keyIdOf(blob)));
    if (wanted !== undefined && keys.get(wanted).id !== id) {
      const message = "The key ID in the request does not identify a CMK that can perform this operation.";
      throw new AwsError("IncorrectKeyException", message);
    }
    return { KeyId: keys.arn(id), Plaintext: unseal(blob, keys.material(id), context) };
  };
  const dataKey = ({ KeyId = "", KeySpec, NumberOfBytes, EncryptionContext = {} }: Partial<GenerateDataKeyRequest>) => {
    const Plaintext = randomBytes(dataKeyBytes(KeySpec, NumberOfBytes));
    return { ...encrypt(KeyId, Plaintext, EncryptionContext), Plaintext };
  };
  return {
    Encrypt: {
      authorize: onKey,
      handle({ KeyId = "", Plaintext = new Uint8Array(), EncryptionContext = {} }) {
        if (Plaintext.length < 1) throw outOfRange("plaintext", "greater than or equal to 1");
        if (Plaintext.length > MAX_PLAINTEXT_BYTES) {
          throw outOfRange("plaintext", `less than or equal to ${MAX_PLAINTEXT_BYTES}`);
        }
        return { ...encrypt(KeyId, Plaintext, EncryptionContext), EncryptionAlgorithm: ALGORITHM };
      },
    },
    Decrypt: {
      authorize: ({ CiphertextBlob, KeyId }) => onBlob(CiphertextBlob, KeyId),
      handle: ({ CiphertextBlob = new Uint8Array(), KeyId, EncryptionContext = {} }) => ({
        ...decrypt(CiphertextBlob, KeyId, EncryptionContext),
        EncryptionAlgorithm: ALGORITHM,
      }),
    },
    ReEncrypt: {
      authorize: ({ CiphertextBlob, SourceKeyId, DestinationKeyId }) => [
        { action: "kms:ReEncryptFrom", ...onBlob(CiphertextBlob, SourceKeyId) },
        { action: "kms:ReEncryptTo", ...onKey({ KeyId: DestinationKeyId }) },
      ],
      handle(input) {
        const { CiphertextBlob = new Uint8Array(), SourceKeyId, DestinationKeyId = "" } = input;
        const from = decrypt(CiphertextBlob, SourceKeyId, input.SourceEncryptionContext ?? {});
        const to = encrypt(DestinationKeyId, from.Plaintext, input.DestinationEncryptionContext ?? {});
        return {
          ...to,
          SourceKeyId: from.KeyId,
          SourceEncryptionAlgorithm: ALGORITHM,
          DestinationEncryptionAlgorithm: ALGORITHM,
        };
      },
    },
    GenerateDataKey: { authorize: onKey, handle: dataKey },
    GenerateDataKeyWithoutPlaintext: {
      authorize: onKey,
      handle(input) {
        const { KeyId, CiphertextBlob } = dataKey(input);
        return { KeyId, CiphertextBlob };
      },
    },
    GenerateRandom: {
      handle({ NumberOfBytes = 0 }) {
        if (NumberOfBytes < 1 || NumberOfBytes > MAX_RANDOM_BYTES) {
          throw outOfRange("numberOfBytes", `between 1 and ${MAX_RANDOM_BYTES}`);
        }
        return { Plaintext: randomBytes(NumberOfBytes) };
      },
    },
  };
}

/** @throws AwsError DisabledException, KMSInvalidStateException */
function usable(keys: KeyStore, record: KeyRecord): KeyRecord {
  if (record.state === "PendingDeletion") throw pendingDeletion(keys, record);
  if (record.state === "Disabled") throw new AwsError("DisabledException", `${keys.arn(record.id)} is disabled.`);
  return record;
}

function dataKeyBytes(spec: string | undefined, bytes: number | undefined): number {
  if ((spec === undefined) === (bytes === undefined)) {
    throw new AwsError("ValidationException", "Please specify either number of bytes or key spec.");
  }
  if (spec !== undefined) return spec === "AES_128" ? 16 : 32;
  if (bytes === undefined || bytes < 1 || bytes > MAX_RANDOM_BYTES) {
    throw outOfRange("numberOfBytes", `between 1 and ${MAX_RANDOM_BYTES}`);
  }
  return bytes;
}

function outOfRange(member: string, bound: string): AwsError {
  return new AwsError(
    "ValidationException",
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must have length ${bound}`,
  );
}

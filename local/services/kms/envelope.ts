/** What Encrypt answers: AES-256-GCM under the key's material, with the id of the key before it and the encryption context bound to it. */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { AwsError } from "../../aws-error.ts";

/** version (1) · length of the key id (1) · key id · nonce (12) · tag (16) · ciphertext */
const VERSION = 1;
const HEADER_BYTES = 2;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export type EncryptionContext = Readonly<Record<string, string>>;

export function seal(keyId: string, material: Uint8Array, plaintext: Uint8Array, context: EncryptionContext): Buffer {
  const id = Buffer.from(keyId);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", material, nonce).setAAD(bound(context));
  const body = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  return Buffer.concat([Buffer.from([VERSION, id.length]), id, nonce, cipher.getAuthTag(), body]);
}

/** The id of the key a blob was made with. @throws AwsError InvalidCiphertextException */
export function keyIdOf(blob: Uint8Array): string {
  const length = blob[1] ?? 0;
  if (blob[0] !== VERSION || blob.length < HEADER_BYTES + length + NONCE_BYTES + TAG_BYTES) throw invalidCiphertext();
  return Buffer.from(blob.subarray(HEADER_BYTES, HEADER_BYTES + length)).toString();
}

/** @throws AwsError InvalidCiphertextException when the blob or the context is not the one it was sealed with */
export function unseal(blob: Uint8Array, material: Uint8Array, context: EncryptionContext): Buffer {
  const nonceAt = HEADER_BYTES + (blob[1] ?? 0);
  const tagAt = nonceAt + NONCE_BYTES;
  const bodyAt = tagAt + TAG_BYTES;
  const decipher = createDecipheriv("aes-256-gcm", material, blob.subarray(nonceAt, tagAt))
    .setAAD(bound(context))
    .setAuthTag(blob.subarray(tagAt, bodyAt));
  try {
    return Buffer.concat([decipher.update(blob.subarray(bodyAt)), decipher.final()]);
  } catch (cause) {
    throw invalidCiphertext(cause);
  }
}

function invalidCiphertext(cause?: unknown): AwsError {
  // AWS says no more, lest it help who tries.
  return new AwsError("InvalidCiphertextException", "", { cause });
}

function bound(context: EncryptionContext): Buffer {
  const pairs = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1));
  return Buffer.from(JSON.stringify(pairs));
}

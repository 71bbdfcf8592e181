/**
 * The checksums of S3's integrity checks: as they are declared, stored and told.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html
 */
import { AwsError } from "../../aws-error.ts";
import { type ChecksumAlgorithm, startChecksum } from "./running-checksum.ts";

/** A checksum as stored: `value` is base64; a composite one of n parts ends in `-n`. */
export interface StoredChecksum {
  algorithm: ChecksumAlgorithm;
  value: string;
  type: "FULL_OBJECT" | "COMPOSITE";
}

/** What S3 computes when the client asked for nothing. */
export const DEFAULT_ALGORITHM: ChecksumAlgorithm = "CRC64NVME";

const MEMBERS = {
  ChecksumCRC32: "CRC32",
  ChecksumCRC32C: "CRC32C",
  ChecksumCRC64NVME: "CRC64NVME",
  ChecksumSHA1: "SHA1",
  ChecksumSHA256: "SHA256",
  ChecksumSHA512: "SHA512",
  ChecksumMD5: "MD5",
} as const satisfies Record<string, ChecksumAlgorithm>;

export type ChecksumMembers = { [K in keyof typeof MEMBERS]?: string | undefined };

/** The algorithm's name checked. @throws AwsError InvalidRequest for one that is not built */
export function parseAlgorithm(name: string | undefined): ChecksumAlgorithm | undefined {
  if (name === undefined) return undefined;
  const known = Object.values(MEMBERS).find((algorithm) => algorithm === name.toUpperCase());
  if (known === undefined) {
    throw new AwsError(
      "InvalidRequest",
      `Checksum algorithm ${name} is not built; there are ${Object.values(MEMBERS).join(", ")}`,
    );
  }
  return known;
}

/** The checksum a request declares in a header. @throws AwsError when it declares two */
export function declaredChecksum(input: ChecksumMembers): { algorithm: ChecksumAlgorithm; value: string } | undefined {
  const found = Object.entries(MEMBERS).flatMap(([member, algorithm]) => {
    const value: unknown = Reflect.get(input, member);
    return typeof value === "string" ? [{ algorithm, value }] : [];
  });
  if (found.length > 1) {
    throw new AwsError(
      "InvalidRequest",
      "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.",
    );
  }
  return found[0];
}

/** The same, from the trailers that came after the body. */
export function trailingChecksum(trailers: Readonly<Record<string, string>>): typeof found | undefined {
  const members: ChecksumMembers = {};
  for (const [member, algorithm] of Object.entries(MEMBERS)) {
    const value = trailers[`x-amz-checksum-${algorithm.toLowerCase()}`];
    if (value !== undefined) Object.assign(members, { [member]: value });
  }
  const found = declaredChecksum(members);
  return found;
}

/** A stored checksum as output members. */
export function checksumMembers(
  checksum: StoredChecksum | undefined,
): ChecksumMembers & { ChecksumType?: StoredChecksum["type"] } {
  if (checksum === undefined) return {};
  return { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type };
}

/** The composite checksum of a multipart object: the checksum of its parts' checksums, with their number. */
export async function compositeChecksum(algorithm: ChecksumAlgorithm, parts: readonly string[]): Promise<string> {
  const running = await startChecksum(algorithm);
  for (const part of parts) running.update(Buffer.from(part, "base64"));
  return `${await running.digest()}-${parts.length}`;
}

export const badDigest = (what: string) =>
  new AwsError("BadDigest", `The ${what} you specified did not match the calculated checksum.`);

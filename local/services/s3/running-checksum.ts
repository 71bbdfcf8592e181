/** The checksums S3 knows, of bytes as they come. */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

export type ChecksumAlgorithm = "CRC32" | "CRC32C" | "CRC64NVME" | "SHA1" | "SHA256" | "SHA512" | "MD5";

export interface RunningChecksum {
  update(bytes: Uint8Array): void;
  /** base64 */
  digest(): Promise<string>;
}

export interface RunningChecksums {
  update(bytes: Uint8Array): void;
  /** base64, in the order of the algorithms. */
  digest(): Promise<string[]>;
}

/** Starts a checksum; feed it with `update`. */
export async function startChecksum(algorithm: ChecksumAlgorithm): Promise<RunningChecksum> {
  if (algorithm === "CRC32") return startCrc32();
  if (algorithm === "CRC32C" || algorithm === "CRC64NVME") {
    // Most uploads need neither: the SDKs send CRC32.
    const { Crc32c, Crc64NvmeJs } = await import("@aws-sdk/checksums/crc");
    const running = algorithm === "CRC32C" ? new Crc32c() : new Crc64NvmeJs();
    return {
      update: (bytes) => void running.update(bytes),
      digest: async () => Buffer.from(await running.digest()).toString("base64"),
    };
  }
  const hash = createHash(algorithm.toLowerCase());
  return { update: (bytes) => void hash.update(bytes), digest: async () => hash.digest("base64") };
}

/** Starts several of the same bytes. */
export async function startChecksums(algorithms: readonly ChecksumAlgorithm[]): Promise<RunningChecksums> {
  const running = await Promise.all(algorithms.map(startChecksum));
  return {
    update: (bytes) => {
      for (const one of running) one.update(bytes);
    },
    digest: () => Promise.all(running.map((one) => one.digest())),
  };
}

function startCrc32(): RunningChecksum {
  let value = 0;
  return {
    update: (bytes) => {
      value = crc32(bytes, value);
    },
    digest: async () => {
      const bytes = Buffer.alloc(4);
      bytes.writeUInt32BE(value);
      return bytes.toString("base64");
    },
  };
}

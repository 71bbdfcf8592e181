/** MD5, SHA-1 and SHA-2 over UTF-8 text, as hex: the engine computes them itself so that it stays free of host modules. */
export const HASH_ALGORITHMS = ["MD5", "SHA-1", "SHA-256", "SHA-384", "SHA-512"] as const;
export type HashAlgorithm = (typeof HASH_ALGORITHMS)[number];

/** Whether States.Hash and $hash know it: MD5, SHA-1, SHA-256, SHA-384, SHA-512. */
export function isHashAlgorithm(name: unknown): name is HashAlgorithm {
  return HASH_ALGORITHMS.some((known) => known === name);
}

/** The digest of the text's UTF-8 bytes, in lower-case hexadecimal digits. */
export function hashHex(algorithm: HashAlgorithm, text: string): string {
  const bytes = new TextEncoder().encode(text);
  if (algorithm === "MD5") return md5(bytes);
  if (algorithm === "SHA-1") return sha1(bytes);
  if (algorithm === "SHA-256") return sha256(bytes);
  return sha512(bytes, algorithm === "SHA-384");
}

const PRIMES = firstPrimes(80);
const WORD = 1n << 32n;
const LONG = 1n << 64n;
const SHA256_K = PRIMES.slice(0, 64).map((prime) => Number(fraction(prime, 3n, 32n)));
const SHA256_START = PRIMES.slice(0, 8).map((prime) => Number(fraction(prime, 2n, 32n)));
const SHA512_K = PRIMES.map((prime) => fraction(prime, 3n, 64n));
const SHA512_START = PRIMES.slice(0, 8).map((prime) => fraction(prime, 2n, 64n));
const SHA384_START = PRIMES.slice(8, 16).map((prime) => fraction(prime, 2n, 64n));
const MD5_SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const MD5_K = Array.from({ length: 64 }, (_, index) => Math.floor(Math.abs(Math.sin(index + 1)) * 2 ** 32) | 0);

function firstPrimes(count: number): bigint[] {
  const primes: bigint[] = [];
  for (let candidate = 2n; primes.length < count; candidate += 1n) {
    if (primes.every((prime) => candidate % prime !== 0n)) primes.push(candidate);
  }
  return primes;
}

/** The first `bits` bits of the fractional part of the square (2) or cube (3) root: where SHA-2's constants come from. */
function fraction(prime: bigint, root: bigint, bits: bigint): bigint {
  const scaled = prime << (bits * root);
  let low = 0n;
  let high = 1n << (bits + 9n);
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** root <= scaled) low = middle;
    else high = middle;
  }
  return low & ((1n << bits) - 1n);
}

function padded(bytes: Uint8Array, blockBytes: number, littleEndian: boolean): DataView {
  const lengthBytes = blockBytes / 8;
  const total = Math.ceil((bytes.length + 1 + lengthBytes) / blockBytes) * blockBytes;
  const view = new DataView(new ArrayBuffer(total));
  new Uint8Array(view.buffer).set(bytes);
  view.setUint8(bytes.length, 0x80);
  view.setBigUint64(total - 8, BigInt(bytes.length) * 8n, littleEndian);
  return view;
}

const rotateLeft = (value: number, by: number) => (value << by) | (value >>> (32 - by));
const hex32 = (value: number) => (value >>> 0).toString(16).padStart(8, "0");

function md5(bytes: Uint8Array): string {
  const view = padded(bytes, 64, true);
  let [a, b, c, d] = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476];
  for (let block = 0; block < view.byteLength; block += 64) {
    const [a0, b0, c0, d0] = [a, b, c, d];
    for (let round = 0; round < 64; round += 1) {
      const quarter = round >> 4;
      const mixed =
        quarter === 0
          ? (b & c) | (~b & d)
          : quarter === 1
            ? (d & b) | (~d & c)
            : quarter === 2
              ? b ^ c ^ d
              : c ^ (b | ~d);
      const word = [round, 5 * round + 1, 3 * round + 5, 7 * round][quarter] ?? 0;
      const sum = (mixed + a + (MD5_K[round] ?? 0) + view.getInt32(block + (word % 16) * 4, true)) | 0;
      [a, d, c] = [d, c, b];
      b = (b + rotateLeft(sum, MD5_SHIFTS[quarter * 4 + (round % 4)] ?? 0)) | 0;
    }
    [a, b, c, d] = [(a + a0) | 0, (b + b0) | 0, (c + c0) | 0, (d + d0) | 0];
  }
  const out = new DataView(new ArrayBuffer(16));
  for (const [index, value] of [a, b, c, d].entries()) out.setInt32(index * 4, value, true);
  return [0, 4, 8, 12].map((at) => hex32(out.getInt32(at))).join("");
}

function sha1(bytes: Uint8Array): string {
  const view = padded(bytes, 64, false);
  const state = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0];
  const words = new Int32Array(80);
  for (let block = 0; block < view.byteLength; block += 64) {
    for (let index = 0; index < 80; index += 1) {
      const at = (back: number) => words[index - back] ?? 0;
      words[index] = index < 16 ? view.getInt32(block + index * 4) : rotateLeft(at(3) ^ at(8) ^ at(14) ^ at(16), 1);
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0] = state;
    for (let round = 0; round < 80; round += 1) {
      const quarter = Math.floor(round / 20);
      const mixed = quarter === 0 ? (b & c) | (~b & d) : quarter === 2 ? (b & c) | (b & d) | (c & d) : b ^ c ^ d;
      const constant = [0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6][quarter] ?? 0;
      const sum = (rotateLeft(a, 5) + mixed + e + constant + (words[round] ?? 0)) | 0;
      [e, d, c, b, a] = [d, c, rotateLeft(b, 30), a, sum];
    }
    for (const [index, value] of [a, b, c, d, e].entries()) state[index] = ((state[index] ?? 0) + value) | 0;
  }
  return state.map(hex32).join("");
}

function sha256(bytes: Uint8Array): string {
  const view = padded(bytes, 64, false);
  const right = (value: number, by: number) => (value >>> by) | (value << (32 - by));
  const state = [...SHA256_START];
  const words = new Int32Array(64);
  for (let block = 0; block < view.byteLength; block += 64) {
    for (let index = 0; index < 64; index += 1) {
      const [w15 = 0, w2 = 0, w16 = 0, w7 = 0] = [
        words[index - 15],
        words[index - 2],
        words[index - 16],
        words[index - 7],
      ];
      const s0 = right(w15, 7) ^ right(w15, 18) ^ (w15 >>> 3);
      const s1 = right(w2, 17) ^ right(w2, 19) ^ (w2 >>> 10);
      words[index] = index < 16 ? view.getInt32(block + index * 4) : w16 + s0 + w7 + s1;
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = state;
    for (let round = 0; round < 64; round += 1) {
      const s1 = right(e, 6) ^ right(e, 11) ^ right(e, 25);
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (SHA256_K[round] ?? 0) + (words[round] ?? 0)) | 0;
      const t2 = ((right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
    }
    for (const [index, value] of [a, b, c, d, e, f, g, h].entries()) state[index] = ((state[index] ?? 0) + value) | 0;
  }
  return state.map(hex32).join("");
}

function sha512(bytes: Uint8Array, short: boolean): string {
  const view = padded(bytes, 128, false);
  const right = (value: bigint, by: bigint) => ((value >> by) | (value << (64n - by))) % LONG;
  const state = short ? [...SHA384_START] : [...SHA512_START];
  for (let block = 0; block < view.byteLength; block += 128) {
    const words: bigint[] = [];
    for (let index = 0; index < 80; index += 1) {
      const [w15 = 0n, w2 = 0n, w16 = 0n, w7 = 0n] = [
        words[index - 15],
        words[index - 2],
        words[index - 16],
        words[index - 7],
      ];
      const s0 = right(w15, 1n) ^ right(w15, 8n) ^ (w15 >> 7n);
      const s1 = right(w2, 19n) ^ right(w2, 61n) ^ (w2 >> 6n);
      words.push(index < 16 ? view.getBigUint64(block + index * 8) : (w16 + s0 + w7 + s1) % LONG);
    }
    let [a = 0n, b = 0n, c = 0n, d = 0n, e = 0n, f = 0n, g = 0n, h = 0n] = state;
    for (let round = 0; round < 80; round += 1) {
      const s1 = right(e, 14n) ^ right(e, 18n) ^ right(e, 41n);
      const t1 = h + s1 + ((e & f) ^ ((LONG - 1n - e) & g)) + (SHA512_K[round] ?? 0n) + (words[round] ?? 0n);
      const t2 = (right(a, 28n) ^ right(a, 34n) ^ right(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) % LONG, c, b, a, (t1 + t2) % LONG];
    }
    for (const [index, value] of [a, b, c, d, e, f, g, h].entries())
      state[index] = ((state[index] ?? 0n) + value) % LONG;
  }
  const digest = state.map((value) => hex32(Number(value / WORD)) + hex32(Number(value % WORD))).join("");
  return short ? digest.slice(0, 96) : digest;
}

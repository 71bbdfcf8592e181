/** IP addresses as AWS reads them in patterns and events: what looks like an address is compared by value. */

export interface IpAddress {
  family: 4 | 6;
  bits: bigint;
}

const LOOKS_LIKE_V4 = /^\d+\.\d+\.\d+\.\d+$/;
const LOOKS_LIKE_V6 = /^[0-9a-fA-F:]*:[0-9a-fA-F:]*$/;
const MAPPED_V4 = 0xffffn;
/** Beyond it AWS reads no number. */
const MOST_BITS = 2 ** 31;

/** The address `text` writes, or undefined. An IPv4-mapped IPv6 address is its IPv4 address. */
export function parseIpAddress(text: string): IpAddress | undefined {
  if (LOOKS_LIKE_V4.test(text)) return parseV4(text);
  if (LOOKS_LIKE_V6.test(text)) return parseV6(text);
  return undefined;
}

/** Whether `text` has the form of an address, be it a valid one or not. */
function looksLikeIpAddress(text: string): boolean {
  return LOOKS_LIKE_V4.test(text) || LOOKS_LIKE_V6.test(text);
}

/**
 * First and last address of a CIDR block.
 * @throws Error with AWS's reason
 */
export function parseCidr(text: string): { family: 4 | 6; low: bigint; high: bigint } {
  const [address = "", bits, ...more] = withoutTrailingEmpty(text.split("/"));
  if (bits === undefined || more.length > 0) throw new Error("Malformed CIDR, one '/' required");
  if (!/^[+-]?\d+$/.test(bits) || !(Math.abs(Number(bits)) < MOST_BITS))
    throw new Error("Malformed CIDR, mask bits must be an integer");
  const mask = Number(bits);
  if (mask < 0) throw new Error("Malformed CIDR, mask bits must not be negative");
  const ip = parseIpAddress(address);
  if (ip === undefined) {
    throw new Error(`${looksLikeIpAddress(address) ? "Invalid" : "Nonstandard"} IP address: ${address}`);
  }
  const width = ip.family === 4 ? 32 : 128;
  if (mask >= width) throw new Error(`IPv${ip.family} mask bits must be < ${width}`);
  const size = 1n << BigInt(width - mask);
  const low = (ip.bits / size) * size;
  return { family: ip.family, low, high: low + size - 1n };
}

// A trailing slash leaves an empty last piece, which AWS's splitting drops.
function withoutTrailingEmpty(pieces: string[]): string[] {
  let length = pieces.length;
  while (length > 0 && pieces[length - 1] === "") length--;
  return pieces.slice(0, length);
}

function parseV4(text: string): IpAddress | undefined {
  let bits = 0n;
  for (const part of text.split(".")) {
    const value = Number(part);
    if (value > 255) return undefined;
    bits = bits * 256n + BigInt(value);
  }
  return { family: 4, bits };
}

function parseV6(text: string): IpAddress | undefined {
  const halves = text.split("::");
  if (halves.length > 2) return undefined;
  const [head = [], tail = []] = halves.map((half) => (half === "" ? [] : half.split(":")));
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return undefined;
  const groups = [...head, ...Array<string>(missing).fill("0"), ...tail];
  if (!groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return undefined;
  const bits = groups.reduce((sum, group) => sum * 65536n + BigInt(`0x${group}`), 0n);
  return bits >> 32n === MAPPED_V4 ? { family: 4, bits: bits & 0xffffffffn } : { family: 6, bits };
}

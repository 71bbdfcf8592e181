/** Fn::Cidr for IPv4: `count` blocks of `bits` host bits, counted up from the start of `block`. */
import { AssemblyError } from "./assembly-error.ts";

/** @throws AssemblyError AssemblyInvalid when the block is not IPv4 CIDR, or too small for that many. */
export function cidrBlocks(block: string, count: number, bits: number, at: string): string[] {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(block);
  const octets = match?.slice(1, 5).map(Number) ?? [];
  const prefix = Number(match?.[5] ?? 33);
  if (octets.length !== 4 || octets.some((octet) => octet > 255) || prefix > 32) {
    throw new AssemblyError(
      "AssemblyInvalid",
      `${at}: Fn::Cidr takes an IPv4 block such as 10.0.0.0/16, not "${block}"`,
    );
  }
  const size = 2 ** bits;
  if (!(count >= 1 && count <= 256 && bits >= 0 && bits <= 32 && count * size <= 2 ** (32 - prefix))) {
    throw new AssemblyError(
      "AssemblyInvalid",
      `${at}: Fn::Cidr: ${block} does not hold ${count} blocks of ${bits} bits`,
    );
  }
  const start = octets.reduce((address, octet) => address * 256 + octet, 0);
  const first = start - (start % 2 ** (32 - prefix));
  return Array.from({ length: count }, (_, index) => `${dotted(first + index * size)}/${32 - bits}`);
}

const dotted = (address: number) => [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");

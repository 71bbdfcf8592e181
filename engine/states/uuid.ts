/** UUIDs of 128 bits that come from elsewhere: RFC 9562, sections 5.3 and 5.4. */

/**
 * @param hex 32 lower-case digits; those of version and variant are overwritten
 * @param version 3 for a hash of a name, 4 for random bits
 */
export function uuidText(hex: string, version: 3 | 4): string {
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 0b0011) | 0b1000).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${version}${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** Unique ids as IAM makes them: a prefix for the kind, then 17 capital letters and digits. */
export function newId(prefix: "AROA" | "ANPA", uuid: string): string {
  return prefix + uuid.replaceAll("-", "").toUpperCase().slice(0, 17);
}

/** Pages of a list that is whole already: the token is the offset, as opaque to callers as AWS's. */
export interface Page<T> {
  items: T[];
  nextToken: string | undefined;
}

/** Undefined for a token this home did not make. @param size at least 1 */
export function pageByOffset<T>(all: readonly T[], size: number, token: string | undefined): Page<T> | undefined {
  const text = token === undefined ? "0" : Buffer.from(token, "base64url").toString();
  if (!/^\d{1,15}$/.test(text)) return undefined;
  const end = Number(text) + size;
  return {
    items: all.slice(Number(text), end),
    nextToken: end < all.length ? Buffer.from(String(end)).toString("base64url") : undefined,
  };
}

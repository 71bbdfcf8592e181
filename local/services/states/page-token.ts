/** Opaque page tokens: the sort key of the page's last row. */
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";
import { checkLength } from "./request-checks.ts";

const Token = z.object({ number: z.number(), text: z.string() });
export type PageKey = z.infer<typeof Token>;

const MAX_TOKEN = 3096;

/** @throws AwsError InvalidToken, ValidationException */
export function decodePageToken(token: string | undefined): PageKey | undefined {
  if (token === undefined) return undefined;
  checkLength("nextToken", token, 1, MAX_TOKEN);
  try {
    return Token.parse(JSON.parse(Buffer.from(token, "base64url").toString("utf8")));
  } catch (cause) {
    throw new AwsError("InvalidToken", "Invalid Token: 'Invalid token'", { cause });
  }
}

/** The first `limit` of the rows found (one more than `limit` was asked for), and a token if there are others. */
export function pageOf<T>(
  found: readonly T[],
  limit: number,
  key: (row: T) => PageKey,
): { page: readonly T[]; nextToken: { nextToken?: string } } {
  const page = found.slice(0, limit);
  const last = page.at(-1);
  if (found.length <= limit || last === undefined) return { page, nextToken: {} };
  return { page, nextToken: { nextToken: Buffer.from(JSON.stringify(key(last))).toString("base64url") } };
}

/** Opaque page tokens: the sort key of the page's last row. */
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";

const Token = z.object({ number: z.number(), text: z.string() });

export function encodePageToken(key: z.infer<typeof Token>): string {
  return Buffer.from(JSON.stringify(key)).toString("base64url");
}

/** @throws AwsError InvalidToken */
export function decodePageToken(token: string | undefined): z.infer<typeof Token> | undefined {
  if (token === undefined || token === "") return undefined;
  try {
    return Token.parse(JSON.parse(Buffer.from(token, "base64url").toString("utf8")));
  } catch (cause) {
    throw new AwsError("InvalidToken", `Invalid Token: '${token.slice(0, 100)}'`, { cause });
  }
}

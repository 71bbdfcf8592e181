/**
 * The home's own keys and the role sessions made from them.
 *
 * A session is self-contained: its token carries role, session name and end, authenticated by the home's secret, and its
 * secret key is derived from the token. Nothing is stored, so a session outlives a restart of the home.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { AwsError } from "./aws-error.ts";
import type { RoleCredentials } from "./define-service.ts";
import { HomeFileError } from "./home-file-error.ts";
import type { Principal } from "./principal.ts";

export interface HomeKeys {
  accessKeyId: string;
  secretAccessKey: string;
}

export interface Credentials {
  readonly keys: HomeKeys;
  forRole(roleArn: string, sessionName: string, nowMs: number): RoleCredentials;
  /** The principal and secret of a key, or an error as STS words it. */
  resolve(
    accessKeyId: string,
    sessionToken: string | undefined,
    nowMs: number,
  ): { principal: Principal; secretAccessKey: string };
}

const Keys = z.object({ accessKeyId: z.string(), secretAccessKey: z.string(), sessionKey: z.string() });
const Session = z.object({ roleArn: z.string(), sessionName: z.string(), endsMs: z.number() });

const SESSION_MS = 12 * 3_600_000;

/** Reads the keys of the home in `directory`, making them (mode 0600) the first time. @throws HomeFileError */
export function openCredentials(directory: string, accountId: string): Credentials {
  const file = join(directory, "credentials.json");
  if (!existsSync(file)) writeKeys(directory, file);
  const keys = readKeys(file);
  const sign = (text: string) => createHmac("sha256", keys.sessionKey).update(text).digest();
  const secretOf = (token: string) => sign(`secret:${token}`).toString("base64url").slice(0, 40);
  return {
    keys,
    forRole(roleArn, sessionName, nowMs) {
      const payload = Buffer.from(JSON.stringify({ roleArn, sessionName, endsMs: nowMs + SESSION_MS })).toString(
        "base64url",
      );
      const sessionToken = `${payload}.${sign(payload).toString("base64url")}`;
      const accessKeyId = `ASIA${sign(`id:${sessionToken}`).toString("hex").slice(0, 16).toUpperCase()}`;
      return {
        accessKeyId,
        secretAccessKey: secretOf(sessionToken),
        sessionToken,
        expiration: new Date(nowMs + SESSION_MS),
      };
    },
    resolve(accessKeyId, sessionToken, nowMs) {
      if (sessionToken === undefined) {
        if (accessKeyId === keys.accessKeyId)
          return { principal: { kind: "home", accountId }, secretAccessKey: keys.secretAccessKey };
        throw unknownKey();
      }
      const { roleArn, sessionName, endsMs } = readSession(sessionToken, sign);
      if (endsMs <= nowMs)
        throw new AwsError("ExpiredTokenException", "The security token included in the request is expired", {
          status: 403,
        });
      return { principal: { kind: "role", roleArn, sessionName }, secretAccessKey: secretOf(sessionToken) };
    },
  };
}

function readKeys(file: string): z.infer<typeof Keys> {
  try {
    return Keys.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    const why = cause instanceof z.ZodError ? z.prettifyError(cause) : cause instanceof Error ? cause.message : cause;
    throw new HomeFileError(
      `${file} cannot be read: ${why}; it holds the home's keys: put back a copy, or remove it and start again, with new keys for every shell and client`,
      { cause },
    );
  }
}

function writeKeys(directory: string, file: string): void {
  mkdirSync(directory, { recursive: true });
  const keys = {
    accessKeyId: `AKIA${randomBytes(8).toString("hex").toUpperCase()}`,
    secretAccessKey: randomBytes(30).toString("base64url"),
    sessionKey: randomBytes(32).toString("base64url"),
  };
  writeFileSync(`${file}.new`, JSON.stringify(keys), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

function readSession(token: string, sign: (text: string) => Buffer): z.infer<typeof Session> {
  const [payload = "", mac = ""] = token.split(".");
  const given = Buffer.from(mac, "base64url");
  const expected = sign(payload);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) throw unknownKey();
  return Session.parse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
}

function unknownKey(): AwsError {
  return new AwsError("UnrecognizedClientException", "The security token included in the request is invalid.", {
    status: 403,
  });
}

/** What Step Functions checks of every request before it looks anything up, with its words. */
import type { JsonValue } from "../../../engine/states/index.ts";
import { AwsError } from "../../aws-error.ts";

const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;
const DEFAULT_PAGE = 100;
const MAX_PAGE = 1000;
const MAX_PAYLOAD_BYTES = 262_144;
const MAX_LEVELS = 1000;

/** @throws AwsError InvalidName */
export function checkName(name: string | undefined): string {
  if (name === undefined || !NAME.test(name)) throw new AwsError("InvalidName", `Invalid Name: '${name ?? ""}'`);
  return name;
}

/**
 * @param resources the kinds of resource the operation takes, as they stand in an ARN
 * @throws AwsError InvalidArn
 */
export function checkArn(arn: string | undefined, ...resources: readonly string[]): string {
  const [prefix, partition, service, region, account, resource, name] = (arn ?? "").split(":");
  if (arn === undefined || prefix !== "arn" || !partition || service !== "states")
    throw invalidArn(`Invalid ARN prefix: ${arn ?? ""}`);
  if (!region || !/^\d{12}$/.test(account ?? "") || !resource || !name) throw invalidArn(arn);
  if (!resources.includes(resource)) throw invalidArn(`Resource type not valid in this context: ${resource}`);
  return arn;
}

/** @param what the ARN, or in words what is wrong with it */
export function invalidArn(what: string): AwsError {
  return new AwsError("InvalidArn", `Invalid Arn: '${what}'`);
}

/** @throws AwsError ValidationException for a page size AWS refuses */
export function pageSize(asked: number | undefined): number {
  if (asked === undefined || asked === 0) return DEFAULT_PAGE;
  checkRange("maxResults", asked, 0, MAX_PAGE);
  return asked;
}

/** @throws AwsError ValidationException */
export function checkRange(member: string, value: number | undefined, least: number, most: number): void {
  if (value === undefined) return;
  if (value < least) throw constraint(value, member, `Member must have value greater than or equal to ${least}`);
  if (value > most) throw constraint(value, member, `Member must have value less than or equal to ${most}`);
}

/** @throws AwsError ValidationException */
export function checkLength(member: string, value: string | undefined, least: number, most: number): void {
  if (value === undefined) return;
  if (value.length < least)
    throw constraint(value, member, `Member must have length greater than or equal to ${least}`);
  if (value.length > most) throw constraint(value, member, `Member must have length less than or equal to ${most}`);
}

/** @throws AwsError ValidationException */
export function checkOneOf(member: string, value: string | undefined, allowed: readonly string[]): void {
  if (value === undefined || allowed.includes(value)) return;
  throw constraint(value, member, `Member must satisfy enum value set: [${allowed.join(", ")}]`);
}

/**
 * A ValidationException in the words AWS has for every broken constraint. @param rule such as "Member must not be null"
 */
export function constraint(value: unknown, member: string, rule: string): AwsError {
  const shown = String(value).slice(0, 200);
  const message = `1 validation error detected: Value '${shown}' at '${member}' failed to satisfy constraint: ${rule}`;
  return new AwsError("ValidationException", message);
}

/**
 * JSON text of at most 256 KiB and 1,000 levels: what reads, copies and writes it calls itself once a level.
 * @param code,title of the error, e.g. InvalidOutput, "Invalid Output"
 */
export function checkPayload(text: string, code: string, title: string): JsonValue {
  if (Buffer.byteLength(text) > MAX_PAYLOAD_BYTES)
    throw new AwsError(code, `${title}: 'The payload is longer than ${MAX_PAYLOAD_BYTES} bytes'`);
  let value: JsonValue;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new AwsError(code, `${title}: '${cause instanceof Error ? cause.message : String(cause)}'`, { cause });
  }
  if (text.length > MAX_LEVELS && deepestLevel(text) > MAX_LEVELS)
    throw new AwsError(code, `${title}: 'The payload is nested deeper than ${MAX_LEVELS} levels'`);
  return value;
}

/** Of JSON text: brackets inside strings do not count. */
function deepestLevel(text: string): number {
  let level = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(/[[{]|[\]}]|"[^"\\]*(?:\\.[^"\\]*)*"/g)) {
    if (token === "[" || token === "{") deepest = Math.max(deepest, ++level);
    else if (token === "]" || token === "}") level--;
  }
  return deepest;
}

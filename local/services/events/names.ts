/** Names and ARNs of buses, rules and archives. */
import { AwsError } from "../../aws-error.ts";

export interface Account {
  readonly region: string;
  readonly accountId: string;
}

export const DEFAULT_BUS = "default";
/** As AWS's messages write the pattern. */
const NAME = String.raw`[\.\-_A-Za-z0-9]+`;
export const BUS_NAME = String.raw`[/\.\-_A-Za-z0-9]+`;

/** A bus's name, from its name or ARN; the default bus without either. */
export function busNameOf(nameOrArn: string | undefined): string {
  if (nameOrArn === undefined || nameOrArn === "") return DEFAULT_BUS;
  return nameOrArn.startsWith("arn:")
    ? nameOrArn.slice(nameOrArn.lastIndexOf(":event-bus/") + ":event-bus/".length)
    : nameOrArn;
}

export function busArn({ region, accountId }: Account, bus: string): string {
  return `arn:aws:events:${region}:${accountId}:event-bus/${bus}`;
}

/** Rules of the default bus have no bus in their ARN. */
export function ruleArn({ region, accountId }: Account, bus: string, rule: string): string {
  return `arn:aws:events:${region}:${accountId}:rule/${bus === DEFAULT_BUS ? "" : `${bus}/`}${rule}`;
}

export function archiveArn({ region, accountId }: Account, archive: string): string {
  return `arn:aws:events:${region}:${accountId}:archive/${archive}`;
}

export function archiveNameOf(arn: string | undefined): string {
  return arn?.slice(arn.lastIndexOf("/") + 1) ?? "";
}

export function replayArn({ region, accountId }: Account, replay: string): string {
  return `arn:aws:events:${region}:${accountId}:replay/${replay}`;
}

/** A bus or rule from its ARN, for tags. */
export function resourceOf(arn: string | undefined): { bus: string; rule: string | undefined } {
  const bus = /:event-bus\/(.+)$/.exec(arn ?? "")?.[1];
  if (bus !== undefined) return { bus, rule: undefined };
  const [, inBus, rule] = /:rule\/(?:(.+)\/)?([^/]+)$/.exec(arn ?? "") ?? [];
  if (rule === undefined) throw new AwsError("ResourceNotFoundException", `${arn} is neither an event bus nor a rule.`);
  return { bus: inBus ?? DEFAULT_BUS, rule };
}

/** @throws AwsError ValidationException, worded as AWS's model checks are */
export function checkName(name: string | undefined, member: string, longest: number, pattern = NAME): string {
  if (name !== undefined && name.length <= longest && new RegExp(`^${pattern}$`).test(name)) return name;
  const rule =
    name !== undefined && name.length > longest
      ? `Member must have length less than or equal to ${longest}`
      : `Member must satisfy regular expression pattern: ${pattern}`;
  throw new AwsError(
    "ValidationException",
    `1 validation error detected: Value '${name ?? ""}' at '${member}' failed to satisfy constraint: ${rule}`,
  );
}

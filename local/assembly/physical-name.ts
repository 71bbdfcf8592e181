/** Names as CloudFormation makes them. */
import { createHash } from "node:crypto";

const SUFFIX_LENGTH = 12;
const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

/**
 * `<stack>-<logicalId>-<suffix>`: the suffix depends on stack, logical id and `generation` (which grows with each
 * replacement), so a repeated create asks for the same name. Stack and logical id are cut to fit `maxLength`.
 */
export function physicalName(stackName: string, logicalId: string, generation: number, maxLength = 255): string {
  const digest = createHash("sha256").update(`${stackName}/${logicalId}/${generation}`).digest();
  const suffix = Array.from(digest.subarray(0, SUFFIX_LENGTH), (byte) => ALPHABET[byte % ALPHABET.length]).join("");
  const room = Math.max(maxLength - SUFFIX_LENGTH - 2, 0);
  const full = `${stackName}-${logicalId}`;
  if (full.length + 1 <= room + 1) return `${full}-${suffix}`;
  const stackRoom = Math.max(Math.floor(room / 2), room - logicalId.length);
  const name = `${stackName.slice(0, stackRoom)}-${logicalId.slice(0, room - Math.min(stackRoom, stackName.length))}-${suffix}`;
  return name.slice(-maxLength);
}

/** A stack's id; its UUID is derived from account, region and name, so it stays the same for a home. */
export function stackArn(accountId: string, region: string, stackName: string): string {
  const hex = createHash("sha256").update(`${accountId}/${region}/${stackName}`).digest("hex");
  const uuid = [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)];
  return `arn:aws:cloudformation:${region}:${accountId}:stack/${stackName}/${uuid.join("-")}`;
}

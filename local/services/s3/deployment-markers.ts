/**
 * Values of a BucketDeployment's sources that are known only once resources are made: the CDK writes a marker into the file, and
 * says beside it what stands there.
 */
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";

const Encoding = z.enum(["LITERAL", "UNQUOTED_JSON_VALUE", "JSON_VALUE", "YAML_STRING"]);
export const MarkersConfig = z.looseObject({
  jsonEscape: z.union([z.string(), z.boolean()]).optional(),
  markerEncodings: z.record(z.string(), Encoding).optional(),
});

const PLAIN_YAML = /^[A-Za-z][A-Za-z0-9._-]*$/;
const YAML_RESERVED = /^(y|n|yes|no|true|false|on|off|null)$/i;

/** @throws AwsError ValidationError where a text is due */
export function encodeMarker(name: string, value: unknown, config: z.infer<typeof MarkersConfig>): string {
  const escaped = String(config.jsonEscape).toLowerCase() === "true";
  const encoding = config.markerEncodings?.[name] ?? (escaped ? "UNQUOTED_JSON_VALUE" : "LITERAL");
  const json = JSON.stringify(value);
  if (encoding === "JSON_VALUE") return json;
  if (encoding === "UNQUOTED_JSON_VALUE") return typeof value === "string" ? json.slice(1, -1) : json;
  if (typeof value !== "string")
    throw new AwsError("ValidationError", `the marker ${name} stands for ${json}; ${encoding} takes a text`);
  if (encoding === "LITERAL") return value;
  return PLAIN_YAML.test(value) && !YAML_RESERVED.test(value) ? value : json;
}

/** A file's bytes with each marker's value in its place. */
export function replaceMarkers(bytes: Buffer, markers: readonly (readonly [marker: string, value: string])[]): Buffer {
  if (markers.length === 0) return bytes;
  // One character a byte: what is no text stays as it is.
  const bytewise = (text: string) => Buffer.from(text).toString("latin1");
  const replaced = markers.reduce(
    (text, [marker, value]) => text.replaceAll(bytewise(marker), () => bytewise(value)),
    bytes.toString("latin1"),
  );
  return Buffer.from(replaced, "latin1");
}

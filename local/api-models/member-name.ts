/**
 * How Step Functions names a member of an API's shape: `MD5OfMessageBody` is `Md5OfMessageBody`, `SSEKMSKeyId` is `SsekmsKeyId`.
 * It is AWS SDK for Java 2's naming with the first letter upper-case, of which the pieces are those of its code generator.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html ("PascalCase")
 */
export function memberName(name: string): string {
  return words(name)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())
    .join("");
}

function words(name: string): string[] {
  return name
    .replace(/[^A-Za-z0-9]+/g, " ")
    .replace(/([a-z])(?=[A-Z][A-Za-z0-9])/g, "$1 ")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .replace(/([0-9])([A-Za-z])/g, "$1 $2")
    .split(" ")
    .filter((word) => word !== "");
}

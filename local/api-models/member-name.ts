/**
 * How Step Functions names a member of an API's shape: `MD5OfMessageBody` is `Md5OfMessageBody`, `SSEKMSKeyId` is `SsekmsKeyId`.
 * It is AWS SDK for Java 2's naming with the first letter upper-case, of which the pieces are those of its code generator. What
 * Java could not name so ends in `Value`: `Equals` is `EqualsValue`.
 * Source: https://docs.aws.amazon.com/step-functions/latest/dg/supported-services-awssdk.html ("API naming conventions")
 */
export function memberName(name: string): string {
  const pascal = words(name)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase())
    .join("");
  const camel = pascal.charAt(0).toLowerCase() + pascal.slice(1);
  // DynamoDB's attribute value is called Nul in that SDK.
  if (camel === "null") return "Nul";
  return RESERVED.has(camel) ? `${pascal}Value` : pascal;
}

/** Java's keywords and the methods of every object. */
const RESERVED: ReadonlySet<string> = new Set(
  `abstract assert boolean break byte case catch char class const continue default do double else enum extends
   false final finally float for goto if implements import instanceof int interface long native new package
   private protected public return short static strictfp super switch synchronized this throw throws transient
   true try void volatile while equals finalize getClass hashCode notify notifyAll toString wait`.split(/\s+/),
);

function words(name: string): string[] {
  return name
    .replace(/[^A-Za-z0-9]+/g, " ")
    .replace(/([a-z])(?=[A-Z][A-Za-z0-9])/g, "$1 ")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .replace(/([0-9])([A-Za-z])/g, "$1 $2")
    .split(" ")
    .filter((word) => word !== "");
}

/** Fields of CloudTrail's records that differ with each call; schemas and samples show those of a few. */
export const OPEN_FIELDS: ReadonlySet<string> = new Set([
  "requestParameters",
  "responseElements",
  "additionalEventData",
  "serviceEventDetails",
]);

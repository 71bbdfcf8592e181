/** The parts of an ARN. */
export interface Arn {
  partition: string;
  service: string;
  region: string;
  accountId: string;
  /** Everything after the account, colons included. */
  resource: string;
}

/** Missing parts are empty. */
export function parseArn(arn: string): Arn {
  const [, partition = "", service = "", region = "", accountId = "", ...resource] = arn.split(":");
  return { partition, service, region, accountId, resource: resource.join(":") };
}

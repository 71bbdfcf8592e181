/** Who reads a data product from another account: the roles its bucket's policy and the catalog's users are named by. */
import { AccountPrincipal, Effect, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { roleArnPattern } from "../names.ts";

/**
 * Construct ids of the ML stack's roles that read products: who takes an update in, describes it, keeps it for a run, and
 * joins others to it. A test holds this list against the roles' own policies.
 */
export const PRODUCT_READERS = [
  "StartLifecycleAccess",
  "DescribeProductAccess",
  "KeepVersionAccess",
  "ProcessingAccess",
] as const;

/** Roles of one stack in one account. CloudFormation ends their names at random, so they are known by the beginning. */
export type ForeignRoles = Readonly<{ account: string; stack: string; ids: readonly string[] }>;

/** A condition that leaves of an account only the given roles. */
export function onlyRoles({ account, stack, ids }: ForeignRoles): Record<string, Record<string, string[]>> {
  return { ArnLike: { "aws:PrincipalArn": ids.map((id) => roleArnPattern(account, `${stack}-${id}`)) } };
}

/** What a product's bucket policy says to let roles of another account read a folder of it. */
export function readStatements(bucketArn: string, folder: string, roles: ForeignRoles): PolicyStatement[] {
  const common = {
    effect: Effect.ALLOW,
    principals: [new AccountPrincipal(roles.account)],
    conditions: onlyRoles(roles),
  };
  return [
    new PolicyStatement({ ...common, actions: ["s3:GetObject"], resources: [`${bucketArn}/${folder}/*`] }),
    new PolicyStatement({ ...common, actions: ["s3:ListBucket", "s3:GetBucketLocation"], resources: [bucketArn] }),
  ];
}

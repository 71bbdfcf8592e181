/** Lambda takes only a role that trusts it. */
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import { evaluateResourcePolicy } from "../../iam/index.ts";

/** @throws AwsError InvalidParameterValueException, as CreateFunction answers */
export function checkRole(home: HomePorts, roleArn: string): void {
  const trust = home.policies.role(roleArn)?.trust;
  const { result } = evaluateResourcePolicy(
    trust,
    { kind: "service", service: "lambda.amazonaws.com" },
    {
      // A service has no ARN; the evaluator wants one that reads as a caller's.
      principalArn: `arn:aws:iam::${home.accountId}:role/service`,
      action: "sts:AssumeRole",
      resource: roleArn,
      accountId: home.accountId,
      context: {},
    },
  );
  if (trust === undefined || result !== "Allowed") {
    throw new AwsError(
      "InvalidParameterValueException",
      "The role defined for the function cannot be assumed by Lambda.",
      {
        fields: { Role: roleArn },
      },
    );
  }
}

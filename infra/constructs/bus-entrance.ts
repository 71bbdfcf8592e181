/** Lets the forwarding rules of another context put events on this account's default bus; nobody else. */
import { CfnEventBusPolicy } from "aws-cdk-lib/aws-events";
import { AccountPrincipal, PolicyStatement } from "aws-cdk-lib/aws-iam";
import type { Construct } from "constructs";
import { type Context, stackName } from "../names.ts";
import { onlyRoles } from "../permissions/product-readers.ts";
import { pascalCase } from "../stacks/bounded-context.ts";
import { FORWARDING } from "./event-forwarding.ts";

/** @param from the context whose account forwards */
export function openBus(scope: Construct, from: Context, account: string, busArn: string): void {
  const stack = stackName(from);
  new CfnEventBusPolicy(scope, `${pascalCase(from)}MayForward`, {
    statementId: `${stack}-forwards`,
    eventBusName: "default",
    statement: new PolicyStatement({
      sid: `${stack}-forwards`,
      principals: [new AccountPrincipal(account)],
      actions: ["events:PutEvents"],
      resources: [busArn],
      conditions: onlyRoles({ account, stack, ids: [`${FORWARDING}Access`] }),
    }).toStatementJson(),
  });
}

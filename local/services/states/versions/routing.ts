/** Which version an alias sends an execution to, and what AWS accepts as its routing. */
import type * as Sdk from "@aws-sdk/client-sfn";
import { AwsError } from "../../../aws-error.ts";
import { baseArn } from "../arns.ts";
import { checkArn, constraint } from "../request-checks.ts";
import type { Routing } from "./alias-store.ts";
import type { VersionStore } from "./version-store.ts";

/** @throws AwsError ValidationException, InvalidArn, ResourceNotFound */
export function checkRouting(
  given: readonly Sdk.RoutingConfigurationListItem[] | undefined,
  versions: VersionStore,
): Routing {
  const items = given ?? [];
  const member = "routingConfiguration";
  const shown = JSON.stringify(items);
  if (items.length < 1) throw constraint(shown, member, "Member must have length greater than or equal to 1");
  if (items.length > 2) throw constraint(shown, member, "Member must have length less than or equal to 2");
  const routing = items.map(({ stateMachineVersionArn, weight = 0 }) => {
    if (weight < 0 || weight > 100)
      throw constraint(weight, `${member}.weight`, "Member must have value between 0 and 100");
    return { versionArn: checkArn(stateMachineVersionArn, "stateMachine"), weight };
  });
  const arns = routing.map(({ versionArn }) => versionArn);
  const sum = routing.reduce((total, { weight }) => total + weight, 0);
  if (sum !== 100) {
    const weights = routing.map(({ weight }) => weight).join(", ");
    throw new AwsError(
      "ValidationException",
      `Sum of routing configuration weights must equal 100. Received: [${weights}]`,
    );
  }
  if (new Set(arns).size !== arns.length) throw invalid("must contain distinct state machine version ARNs", arns);
  if (new Set(arns.map(baseArn)).size > 1) throw invalid("must contain versions of one state machine", arns);
  for (const arn of arns) {
    if (versions.find(arn) === undefined)
      throw new AwsError("ResourceNotFound", "Request references a resource that does not exist.", {
        fields: { resourceName: arn },
      });
  }
  return routing;
}

export function belongsTo(machineArn: string, routing: Routing): boolean {
  return routing.every(({ versionArn }) => baseArn(versionArn) === machineArn);
}

/** @param draw in [0, 1) */
export function routed(routing: Routing, draw: number): string {
  let left = draw * 100;
  for (const { versionArn, weight } of routing) {
    if (left < weight) return versionArn;
    left -= weight;
  }
  return routing.at(-1)?.versionArn ?? "";
}

function invalid(rule: string, arns: readonly string[]): AwsError {
  return new AwsError("ValidationException", `Routing configuration ${rule}. Received: [${arns.join(", ")}]`);
}

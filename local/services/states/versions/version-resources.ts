/**
 * AWS::StepFunctions::StateMachineVersion and AWS::StepFunctions::StateMachineAlias.
 * A deployment preference's version gets all executions at once here: there is no fleet to be careful with.
 */
import { z } from "zod";
import { AwsError } from "../../../aws-error.ts";
import type { ResourceState, ResourceType } from "../../../define-service.ts";
import { cfnNumber, parseProperties } from "../../../parse-properties.ts";
import type { AliasRecord } from "./alias-store.ts";
import { createAlias } from "./aliases-api.ts";
import { belongsTo, checkRouting } from "./routing.ts";
import type { Targets } from "./start-target.ts";
import { checkRevision, deleteVersion } from "./versions-api.ts";

const VERSION = "AWS::StepFunctions::StateMachineVersion";
const ALIAS = "AWS::StepFunctions::StateMachineAlias";

const VersionProperties = z.strictObject({
  StateMachineArn: z.string(),
  StateMachineRevisionId: z.string().optional(),
  Description: z.string().optional(),
});

const AliasProperties = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  RoutingConfiguration: z.array(z.strictObject({ StateMachineVersionArn: z.string(), Weight: cfnNumber })).optional(),
  DeploymentPreference: z
    .strictObject({
      StateMachineVersionArn: z.string(),
      Type: z.enum(["ALL_AT_ONCE", "LINEAR", "CANARY"]),
      Percentage: cfnNumber.optional(),
      Interval: cfnNumber.optional(),
      Alarms: z.array(z.string()).optional(),
    })
    .optional(),
});

export function versionResource({ machines, versions, aliases }: Targets): ResourceType {
  return {
    properties: VersionProperties,
    create(raw) {
      const { StateMachineArn, StateMachineRevisionId, Description } = parseProperties(VERSION, VersionProperties, raw);
      const machine = machines.requireActive(StateMachineArn);
      checkRevision(machine, StateMachineRevisionId);
      const { arn } = versions.publish(machine, Description);
      return { physicalId: arn, attributes: { Arn: arn } };
    },
    delete: (current) => deleteVersion(versions, aliases, current.physicalId),
  };
}

export function aliasResource(targets: Targets): ResourceType {
  const { aliases, versions, home } = targets;
  return {
    properties: AliasProperties,
    create(raw, context) {
      const { Name, Description, ...properties } = parseProperties(ALIAS, AliasProperties, raw);
      const routing = checkRouting(routesOf(properties), versions);
      return toState(createAlias(targets, Name ?? context.generateName(80), Description, routing));
    },
    update(raw, current, context) {
      const { Name, Description, ...properties } = parseProperties(ALIAS, AliasProperties, raw);
      const alias = aliases.find(current.physicalId);
      const routing = checkRouting(routesOf(properties), versions);
      if (
        alias === undefined ||
        alias.name !== (Name ?? context.generateName(80)) ||
        !belongsTo(alias.machineArn, routing)
      )
        return "replace";
      const updated = { ...alias, description: Description, routing, updatedMs: home.clock.now() };
      aliases.put(updated);
      return toState(updated);
    },
    delete: (current) => aliases.remove(current.physicalId),
  };
}

function routesOf({
  RoutingConfiguration,
  DeploymentPreference,
}: Pick<z.infer<typeof AliasProperties>, "RoutingConfiguration" | "DeploymentPreference">) {
  if ((RoutingConfiguration === undefined) === (DeploymentPreference === undefined))
    throw new AwsError("ValidationError", `${ALIAS} needs either RoutingConfiguration or DeploymentPreference`);
  if (DeploymentPreference !== undefined)
    return [{ stateMachineVersionArn: DeploymentPreference.StateMachineVersionArn, weight: 100 }];
  return (RoutingConfiguration ?? []).map(({ StateMachineVersionArn, Weight }) => ({
    stateMachineVersionArn: StateMachineVersionArn,
    weight: Weight,
  }));
}

function toState({ arn }: AliasRecord): ResourceState {
  return { physicalId: arn, attributes: { Arn: arn } };
}

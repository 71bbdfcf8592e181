/** What an execution runs, by the ARN it is started with: a state machine's latest revision, a version, or an alias's version. */
import { AwsError } from "../../../aws-error.ts";
import type { HomePorts } from "../../../define-service.ts";
import { baseArn } from "../arns.ts";
import type { MachineRecord, MachineStore } from "../machine-store.ts";
import { checkArn } from "../request-checks.ts";
import type { AliasStore } from "./alias-store.ts";
import { routed } from "./routing.ts";
import type { VersionRecord, VersionStore } from "./version-store.ts";

export interface Targets {
  home: HomePorts;
  machines: MachineStore;
  versions: VersionStore;
  aliases: AliasStore;
}

export interface StartTarget {
  machine: MachineRecord;
  revision: string;
  roleArn: string;
  versionArn: string | undefined;
  aliasArn: string | undefined;
}

/** @throws AwsError InvalidArn, StateMachineDoesNotExist, StateMachineDeleting */
export function startTarget(targets: Targets, stateMachineArn: string | undefined): StartTarget {
  const arn = checkArn(stateMachineArn, "stateMachine");
  const machine = targets.machines.requireActive(baseArn(arn));
  if (arn === machine.arn)
    return {
      machine,
      revision: machine.revision,
      roleArn: machine.roleArn,
      versionArn: undefined,
      aliasArn: undefined,
    };
  const { version, aliasArn } = qualified(targets, arn);
  return { machine, revision: version.revision, roleArn: version.roleArn, versionArn: version.arn, aliasArn };
}

/** The version behind an ARN with a number or an alias. @throws AwsError StateMachineDoesNotExist */
function qualified(targets: Targets, arn: string): { version: VersionRecord; aliasArn: string | undefined } {
  const { home, versions, aliases } = targets;
  const direct = versions.find(arn);
  if (direct !== undefined) return { version: direct, aliasArn: undefined };
  const alias = aliases.find(arn);
  // A draw from the home's own source of uuids, so that tests can seed it.
  const draw = Number.parseInt(home.uuid().slice(0, 8), 16) / 2 ** 32;
  const version = alias === undefined ? undefined : versions.find(routed(alias.routing, draw));
  if (alias !== undefined && version !== undefined) return { version, aliasArn: alias.arn };
  throw new AwsError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
}

/** Publishing, listing and deleting versions. Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-state-machine-version.html */
import type * as Sdk from "@aws-sdk/client-sfn";
import { AwsError } from "../../../aws-error.ts";
import type { Operations } from "../../../define-service.ts";
import { baseArn } from "../arns.ts";
import { INITIAL_REVISION, type MachineRecord } from "../machine-store.ts";
import { decodePageToken, pageOf } from "../page-token.ts";
import { checkArn, checkLength, invalidArn, pageSize } from "../request-checks.ts";
import type { AliasStore } from "./alias-store.ts";
import type { Targets } from "./start-target.ts";
import type { VersionStore } from "./version-store.ts";

type Names = "PublishStateMachineVersion" | "ListStateMachineVersions" | "DeleteStateMachineVersion";

export function versionOperations(targets: Targets): Pick<Operations<typeof Sdk>, Names> {
  const { machines, versions, aliases } = targets;
  return {
    PublishStateMachineVersion: {
      authorize: ({ stateMachineArn }) => ({ resource: stateMachineArn ?? "*" }),
      handle: (input) => publish(targets, input),
    },
    ListStateMachineVersions: {
      authorize: ({ stateMachineArn }) => ({ resource: stateMachineArn ?? "*" }),
      handle({ stateMachineArn, maxResults, nextToken }) {
        const limit = pageSize(maxResults);
        const before = decodePageToken(nextToken)?.number;
        const { arn } = machines.require(checkArn(stateMachineArn, "stateMachine"));
        const found = versions.list(arn, before, limit + 1);
        const { page, nextToken: more } = pageOf(found, limit, ({ number }) => ({ number, text: "" }));
        return {
          stateMachineVersions: page.map((version) => ({
            stateMachineVersionArn: version.arn,
            creationDate: new Date(version.createdMs),
          })),
          ...more,
        };
      },
    },
    DeleteStateMachineVersion: {
      authorize: ({ stateMachineVersionArn }) => ({ resource: stateMachineVersionArn ?? "*" }),
      handle({ stateMachineVersionArn }) {
        const arn = checkArn(stateMachineVersionArn, "stateMachine");
        if (!/:\d+$/.test(arn) || arn === baseArn(arn)) throw invalidArn(`A version is needed: ${arn}`);
        deleteVersion(versions, aliases, arn);
        return {};
      },
    },
  };
}

/** @throws AwsError ConflictException while an alias routes to it */
export function deleteVersion(versions: VersionStore, aliases: AliasStore, arn: string): void {
  const using = aliases
    .list(baseArn(arn), undefined, Number.MAX_SAFE_INTEGER)
    .filter(({ routing }) => routing.some(({ versionArn }) => versionArn === arn));
  if (using.length > 0) {
    const names = using.map((alias) => alias.arn).join(", ");
    throw new AwsError(
      "ConflictException",
      `Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [${names}]`,
    );
  }
  versions.remove(arn);
}

/** @throws AwsError ConflictException unless `wanted` is the machine's revision */
export function checkRevision({ revisionId = INITIAL_REVISION }: MachineRecord, wanted: string | undefined): void {
  if (wanted === undefined || wanted === revisionId) return;
  throw new AwsError(
    "ConflictException",
    `Failed to publish the State Machine version for revision ${wanted}. The current State Machine revision is ${revisionId}.`,
  );
}

function publish({ machines, versions }: Targets, input: Sdk.PublishStateMachineVersionCommandInput) {
  checkLength("description", input.description, 0, 256);
  const machine = machines.requireActive(checkArn(input.stateMachineArn, "stateMachine"));
  checkRevision(machine, input.revisionId);
  const version = versions.publish(machine, input.description);
  return { creationDate: new Date(version.createdMs), stateMachineVersionArn: version.arn };
}

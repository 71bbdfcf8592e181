/** The end of an apply: what was replaced or left the template is deleted, dependants first. */
import { AwsError } from "../aws-error.ts";
import type { HomePorts, ResourceState, ResourceType } from "../define-service.ts";
import { type Change, contextOf } from "./change-resource.ts";
import type { Ledger, LedgerEntry } from "./ledger.ts";
import { retainedStacks } from "./nested-stack.ts";

export interface Removal {
  ledger: Ledger;
  resourceTypes: ReadonlyMap<string, ResourceType>;
  home: Pick<HomePorts, "log" | "store">;
}

/**
 * Deletes replaced resources, then `leaving` in reverse dependency order. One that fails is logged and forgotten, as by
 * CloudFormation's clean-up phase; one to be retained is forgotten without being touched.
 * @returns what was deleted.
 */
export async function removeResources(leaving: readonly LedgerEntry[], removal: Removal): Promise<Change[]> {
  const changes: Change[] = [];
  const current = new Map(removal.ledger.entries().map((entry) => [`${entry.type}\0${entry.state.physicalId}`, entry]));
  for (const orphan of removal.ledger.orphans().reverse()) {
    // A successor of the same name has taken its place: deleting by name would delete the successor.
    if (!current.has(`${orphan.type}\0${orphan.state.physicalId}`)) await deleteOne(orphan, removal);
    removal.ledger.dropOrphan(orphan.id);
    await removal.home.store.committed();
  }
  const retained = retainedStacks(leaving);
  for (const entry of leaving.toSorted((left, right) => right.position - left.position)) {
    const { stackName, logicalId, type, state } = entry;
    // Intended and never seen to exist: nothing is known that could be deleted.
    if (entry.status !== "intended" && !entry.retain && !retained.has(stackName)) {
      await deleteOne(entry, removal);
      changes.push({ action: "deleted", stackName, logicalId, type, physicalId: state.physicalId });
    }
    removal.ledger.drop(stackName, logicalId);
    await removal.home.store.committed();
  }
  return changes;
}

interface Doomed {
  stackName: string;
  logicalId: string;
  type: string;
  generation: number;
  state: ResourceState;
}

async function deleteOne(doomed: Doomed, { resourceTypes, home }: Removal): Promise<void> {
  try {
    await resourceTypes.get(doomed.type)?.delete(doomed.state, contextOf(doomed));
  } catch (thrown) {
    if (
      thrown instanceof AwsError &&
      (thrown.status === 404 || /NotFound|NoSuch|DoesNotExist|NonExistent/.test(thrown.code))
    )
      return;
    home.log(
      "warn",
      `could not delete ${doomed.stackName}/${doomed.logicalId}; it is left behind and no longer managed`,
      {
        type: doomed.type,
        physicalId: doomed.state.physicalId,
        error: thrown instanceof Error ? thrown.message : String(thrown),
      },
    );
  }
}

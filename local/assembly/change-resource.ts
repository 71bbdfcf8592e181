/**
 * Brings one resource to its template: create, update in place, replace, or nothing.
 * A replacement is made before its predecessor is deleted, as CloudFormation does, unless both must have the same name.
 */
import { z } from "zod";
import { AwsError } from "../aws-error.ts";
import type { ResourceContext, ResourceState, ResourceType } from "../define-service.ts";
import type { Store } from "../store/index.ts";
import { AssemblyError } from "./assembly-error.ts";
import type { Ledger, LedgerEntry } from "./ledger.ts";
import { physicalName } from "./physical-name.ts";
import { isRetained, type TemplateResource } from "./template.ts";

/** What happened to a resource. */
export interface Change {
  action: "created" | "updated" | "replaced" | "deleted" | "unchanged" | "skipped";
  stackName: string;
  logicalId: string;
  type: string;
  physicalId: string;
}

export interface Wanted {
  stackName: string;
  logicalId: string;
  resource: TemplateResource;
  /** Every intrinsic resolved. */
  properties: unknown;
  position: number;
}

export interface Workshop {
  ledger: Ledger;
  store: Store;
  resourceTypes: ReadonlyMap<string, ResourceType>;
}

type Replaced = Pick<LedgerEntry, "stackName" | "logicalId" | "type" | "generation" | "state">;

/** @throws AssemblyError AssemblyApplyFailed naming the resource, the cause kept. */
export async function changeResource(
  wanted: Wanted,
  previous: LedgerEntry | undefined,
  type: ResourceType,
  shop: Workshop,
): Promise<{ action: Change["action"]; state: ResourceState }> {
  const entry = (generation: number): LedgerEntry => ({
    stackName: wanted.stackName,
    logicalId: wanted.logicalId,
    type: wanted.resource.Type,
    status: "intended",
    generation,
    properties: wanted.properties,
    state: { physicalId: "", attributes: {} },
    retain: isRetained(wanted.resource.DeletionPolicy),
    position: wanted.position,
  });
  if (previous === undefined) return { action: "created", state: await create(entry(0), type, shop) };
  const sameType = previous.type === wanted.resource.Type;
  if (previous.status === "intended" && sameType) {
    const replaced = shop.ledger.orphanBefore(previous);
    if (replaced?.type === previous.type && isAsWanted(replaced.properties, wanted)) {
      const { generation, state } = replaced;
      shop.ledger.restore(replaced, { ...entry(generation), status: "created", state });
      return { action: "unchanged", state };
    }
    return { action: "created", state: await createInPlaceOf(replaced, entry(previous.generation), type, shop) };
  }
  if (sameType && previous.status === "created" && isAsWanted(previous.properties, wanted)) {
    const now = entry(previous.generation);
    if (now.retain !== previous.retain || now.position !== previous.position) {
      shop.ledger.put({ ...now, status: "created", state: previous.state });
    }
    return { action: "unchanged", state: previous.state };
  }
  if (sameType && type.update) shop.ledger.put({ ...previous, status: "changing" });
  const updated = sameType ? await update(entry(previous.generation), previous, type) : "replace";
  if (updated !== "replace") {
    const now: LedgerEntry = { ...entry(previous.generation), status: "created", state: updated };
    // A custom resource's function may answer with another id: the resource of the one before is deleted in the end.
    if (type.byFunction && updated.physicalId !== previous.state.physicalId) shop.ledger.replace(previous, now);
    else shop.ledger.put(now);
    return { action: "updated", state: updated };
  }
  // Of another type it is another resource: that this one leaves the template is what its own policy is about.
  const keepOld = sameType ? wanted.resource.UpdateReplacePolicy === "Retain" : previous.retain;
  return { action: "replaced", state: await replace(previous, entry(previous.generation + 1), type, keepOld, shop) };
}

const isAsWanted = (properties: unknown, wanted: Wanted) =>
  properties !== undefined && canonical(properties) === canonical(wanted.properties);

/** The context a resource type is given: generated names are stable for stack, logical id and generation. */
export function contextOf(entry: Pick<LedgerEntry, "stackName" | "logicalId" | "generation">): ResourceContext {
  return {
    stackName: entry.stackName,
    logicalId: entry.logicalId,
    generateName: (maxLength) => physicalName(entry.stackName, entry.logicalId, entry.generation, maxLength),
  };
}

async function create(intent: LedgerEntry, type: ResourceType, shop: Workshop): Promise<ResourceState> {
  shop.ledger.put(intent);
  await shop.store.committed();
  try {
    const state = await type.create(intent.properties, contextOf(intent));
    // In the same turn as the create's own last write, so that both are durable together.
    shop.ledger.put({ ...intent, status: "created", state });
    return state;
  } catch (cause) {
    throw failed("created", intent, cause);
  }
}

async function update(next: LedgerEntry, previous: LedgerEntry, type: ResourceType) {
  if (!type.update) return "replace";
  try {
    return await type.update(next.properties, previous.state, contextOf(previous), previous.properties);
  } catch (cause) {
    throw failed("updated", next, cause);
  }
}

async function replace(
  old: LedgerEntry,
  successor: LedgerEntry,
  type: ResourceType,
  keepOld: boolean,
  shop: Workshop,
): Promise<ResourceState> {
  if (keepOld) shop.ledger.put(successor);
  else shop.ledger.replace(old, successor);
  return createInPlaceOf(keepOld || old.status === "intended" ? undefined : old, successor, type, shop);
}

/** Creates the successor, beside what it replaces where it can: that is deleted in the end. */
async function createInPlaceOf(
  old: Replaced | undefined,
  successor: LedgerEntry,
  type: ResourceType,
  shop: Workshop,
): Promise<ResourceState> {
  try {
    return await create(successor, type, shop);
  } catch (thrown) {
    if (old === undefined || !(thrown instanceof AssemblyError) || !isNameTaken(thrown.cause)) throw thrown;
  }
  // The template names it, so the successor cannot stand beside it. CloudFormation refuses this; here it is remade.
  try {
    await shop.resourceTypes.get(old.type)?.delete(old.state, contextOf(old));
  } catch (cause) {
    throw failed("deleted before its replacement", old, cause);
  }
  shop.ledger.dropOrphanOf(old);
  return create(successor, type, shop);
}

/** Failures by which services say that a name is in use. */
function isNameTaken(thrown: unknown): boolean {
  return thrown instanceof AwsError && /Exists|InUse|Conflict|OwnedByYou/.test(thrown.code);
}

function failed(what: string, entry: Replaced, cause: unknown): AssemblyError {
  const message = messageOf(cause);
  return new AssemblyError(
    "AssemblyApplyFailed",
    `${entry.stackName}/${entry.logicalId} (${entry.type}) could not be ${what}: ${message}. What was done so far is kept; mend it and put the assembly up again.`,
    { cause },
  );
}

/** Properties that do not fit their schema are told in a line each, not as the list of issues that the error's message is. */
function messageOf(cause: unknown): string {
  if (cause instanceof z.ZodError)
    return cause.issues.map(({ path, message }) => `${["Properties", ...path].join(".")}: ${message}`).join("; ");
  return cause instanceof Error ? cause.message : String(cause);
}

/** JSON with sorted keys: equal text, equal properties. */
export function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, inner: unknown) =>
      typeof inner === "object" && inner !== null && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([left], [right]) => (left < right ? -1 : 1)))
        : inner,
    ) ?? "null"
  );
}

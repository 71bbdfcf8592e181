/** The stacks that are up, as CloudFormation describes them. */
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import type { Row, Store } from "../store/index.ts";
import { Ledger, type LedgerEntry } from "./ledger.ts";

const StackRecord = z.object({
  name: z.string(),
  /** The stack's ARN. */
  id: z.string(),
  /** As JSON text. */
  template: z.string(),
  description: z.string().optional(),
  parameters: z.array(z.object({ key: z.string(), value: z.string() })),
  outputs: z.array(
    z.object({
      key: z.string(),
      value: z.string(),
      description: z.string().optional(),
      exportName: z.string().optional(),
    }),
  ),
  terminationProtection: z.boolean().optional(),
  createdMs: z.number(),
  updatedMs: z.number().optional(),
});
export type StackRecord = z.infer<typeof StackRecord>;

export class Stacks {
  readonly #store: Store;
  readonly #ledger: Ledger;
  readonly #sql;

  constructor(store: Store) {
    this.#ledger = new Ledger(store);
    this.#store = store;
    this.#sql = {
      all: store.prepare("SELECT record FROM assembly_stacks ORDER BY name"),
      named: store.prepare("SELECT record FROM assembly_stacks WHERE name = ?"),
      put: store.prepare("INSERT OR REPLACE INTO assembly_stacks VALUES (?, ?)"),
      drop: store.prepare("DELETE FROM assembly_stacks WHERE name = ?"),
    };
  }

  all(): StackRecord[] {
    return this.#sql.all.all().map(toRecord);
  }

  /** By name or ARN. */
  find(reference: string): StackRecord | undefined {
    // arn:aws:cloudformation:REGION:ACCOUNT:stack/NAME/UUID
    const name = reference.startsWith("arn:") ? (reference.split("/")[1] ?? "") : reference;
    const row = this.#sql.named.get(name);
    const record = row && toRecord(row);
    return record?.name === reference || record?.id === reference ? record : undefined;
  }

  /** The stack that has a resource of this physical id. */
  holding(physicalId: string): StackRecord | undefined {
    const entry = this.#ledger.entries().find(({ state }) => state.physicalId === physicalId);
    return entry && this.find(entry.stackName);
  }

  /** Its resources that are up, in the order they were made. */
  resources(stackName: string): LedgerEntry[] {
    return this.#ledger
      .entries()
      .filter((entry) => entry.stackName === stackName)
      .sort((a, b) => a.position - b.position);
  }

  /**
   * Makes `stacks` the ones that are up.
   * @param nowMs milliseconds since the epoch
   */
  replaceAll(stacks: readonly Omit<StackRecord, "createdMs" | "updatedMs">[], nowMs: number): void {
    const before = new Map(this.all().map((stack) => [stack.name, stack]));
    this.#store.transaction(() => {
      for (const stack of stacks) {
        const known = before.get(stack.name);
        before.delete(stack.name);
        const { createdMs: _created, updatedMs: _updated, ...said } = known ?? {};
        // By way of JSON, as what is not there is not written.
        if (isDeepStrictEqual(JSON.parse(JSON.stringify(stack)), said)) continue;
        const times = known === undefined ? { createdMs: nowMs } : { createdMs: known.createdMs, updatedMs: nowMs };
        this.#sql.put.run(stack.name, JSON.stringify({ ...stack, ...times }));
      }
      for (const name of before.keys()) this.#sql.drop.run(name);
    });
  }
}

function toRecord(row: Row): StackRecord {
  return StackRecord.parse(JSON.parse(String(row.record)));
}

/**
 * A table's time to live, as said and asked for. Items past it stay (a home is no place to lose what one looks at), which docs/reference/home.md says.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateTimeToLive.html
 */
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";
import type { Store } from "../../store/index.ts";
import type { Dynalite } from "./dynalite.ts";

const SPACE = "time-to-live";
const Described = z.looseObject({ Table: z.looseObject({ TableId: z.string() }) });
const Kept = z.object({ attribute: z.string(), tableId: z.string() });

export class TimeToLive {
  readonly #dynalite: Dynalite;
  readonly #sql;

  constructor(store: Store, dynalite: Dynalite) {
    this.#dynalite = dynalite;
    this.#sql = {
      get: store.prepare("SELECT value FROM dynamodb_entries WHERE space = ? AND key = ?"),
      put: store.prepare("INSERT OR REPLACE INTO dynamodb_entries VALUES (?, ?, ?)"),
      remove: store.prepare("DELETE FROM dynamodb_entries WHERE space = ? AND key = ?"),
    };
  }

  /** The attribute that items end by; undefined: none. @throws AwsError ResourceNotFoundException */
  async attribute(table: string): Promise<string | undefined> {
    const tableId = await this.#idOf(table);
    const row = this.#sql.get.get(SPACE, table);
    const kept = row && Kept.parse(JSON.parse(String(row.value)));
    // An earlier table of the same name had it.
    return kept?.tableId === tableId ? kept.attribute : undefined;
  }

  /** @throws AwsError ResourceNotFoundException */
  async set(table: string, attribute: string | undefined): Promise<void> {
    const tableId = await this.#idOf(table);
    if (attribute === undefined) this.#sql.remove.run(SPACE, table);
    else this.#sql.put.run(SPACE, table, JSON.stringify({ attribute, tableId }));
  }

  /** As a caller changes it. @throws AwsError ValidationException, ResourceNotFoundException */
  async change(table: string, { Enabled = false, AttributeName = "" }: TimeToLiveSpecification): Promise<void> {
    if (AttributeName === "")
      throw invalid("TimeToLiveSpecification.AttributeName must have length greater than or equal to 1");
    const before = await this.attribute(table);
    if (Enabled === (before !== undefined)) throw invalid(`TimeToLive is already ${Enabled ? "enabled" : "disabled"}`);
    if (!Enabled && before !== AttributeName)
      throw invalid(`TimeToLive is active on a different AttributeName: current AttributeName is ${before}`);
    await this.set(table, Enabled ? AttributeName : undefined);
  }

  async #idOf(TableName: string): Promise<string> {
    return Described.parse(await this.#dynalite.call("DescribeTable", { TableName })).Table.TableId;
  }
}

export interface TimeToLiveSpecification {
  Enabled?: boolean | undefined;
  AttributeName?: string | undefined;
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}

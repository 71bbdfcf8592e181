/** A table that is protected is not deleted, by whomever. Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html */
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";
import type { Store } from "../../store/index.ts";
import type { Dynalite } from "./dynalite.ts";

const SPACE = "deletion-protection";
const Described = z.looseObject({ Table: z.looseObject({ TableId: z.string() }) });

export class DeletionProtection {
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

  /** @throws AwsError ResourceNotFoundException */
  async isOn(table: string): Promise<boolean> {
    const tableId = await this.#idOf(table);
    // An earlier table of the same name had another id.
    return this.#sql.get.get(SPACE, table)?.value === tableId;
  }

  /** @throws AwsError ResourceNotFoundException */
  async set(table: string, on: boolean): Promise<void> {
    const tableId = await this.#idOf(table);
    if (on) this.#sql.put.run(SPACE, table, tableId);
    else this.#sql.remove.run(SPACE, table);
  }

  /** Deletes a table that is not protected. @throws AwsError ValidationException, ResourceNotFoundException */
  async deleteTable(table: string): Promise<unknown> {
    if (await this.isOn(table)) {
      throw new AwsError(
        "ValidationException",
        "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
      );
    }
    return await this.#dynalite.call("DeleteTable", { TableName: table });
  }

  async #idOf(TableName: string): Promise<string> {
    return Described.parse(await this.#dynalite.call("DescribeTable", { TableName })).Table.TableId;
  }
}

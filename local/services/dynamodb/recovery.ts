/**
 * Point-in-time recovery: whether a table has it is kept, for those who ask; nothing of a home's table can be restored by it.
 * And the account's quotas, which a home does not count against.
 */
import type * as Sdk from "@aws-sdk/client-dynamodb";
import type { HomePorts, Operations } from "../../define-service.ts";
import type { Store } from "../../store/index.ts";
import type { Dynalite } from "./dynalite.ts";

export const RECOVERY_TABLES = "CREATE TABLE dynamodb_recovery (name TEXT PRIMARY KEY) STRICT;";

export class Recovery {
  readonly #sql;

  constructor(store: Store) {
    this.#sql = {
      find: store.prepare("SELECT name FROM dynamodb_recovery WHERE name = ?"),
      put: store.prepare("INSERT OR REPLACE INTO dynamodb_recovery VALUES (?)"),
      drop: store.prepare("DELETE FROM dynamodb_recovery WHERE name = ?"),
    };
  }

  isOn(table: string): boolean {
    return this.#sql.find.get(table) !== undefined;
  }

  set(table: string, on: boolean): void {
    if (on) this.#sql.put.run(table);
    else this.#sql.drop.run(table);
  }
}

/** @param nameOf a table's name, where a request may give its ARN */
export function recoveryOperations(
  home: HomePorts,
  dynalite: Dynalite,
  recovery: Recovery,
  nameOf: (name: unknown) => string,
): Operations<typeof Sdk> {
  const authorize = ({ TableName }: { TableName?: string | undefined }) => ({
    resource: `arn:aws:dynamodb:${home.region}:${home.accountId}:table/${nameOf(TableName)}`,
  });
  const described = async (name: string) => {
    await dynalite.call("DescribeTable", { TableName: name });
    const PointInTimeRecoveryStatus = recovery.isOn(name) ? ("ENABLED" as const) : ("DISABLED" as const);
    const ContinuousBackupsStatus = "ENABLED" as const;
    return {
      ContinuousBackupsDescription: {
        ContinuousBackupsStatus,
        PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus },
      },
    };
  };
  return {
    DescribeContinuousBackups: { authorize, handle: ({ TableName }) => described(nameOf(TableName)) },
    UpdateContinuousBackups: {
      authorize,
      async handle({ TableName, PointInTimeRecoverySpecification }) {
        const name = nameOf(TableName);
        await dynalite.call("DescribeTable", { TableName: name });
        recovery.set(name, PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled ?? false);
        return described(name);
      },
    },
    DescribeLimits: {
      handle: () => ({
        AccountMaxReadCapacityUnits: 80_000,
        AccountMaxWriteCapacityUnits: 80_000,
        TableMaxReadCapacityUnits: 40_000,
        TableMaxWriteCapacityUnits: 40_000,
      }),
    },
  };
}

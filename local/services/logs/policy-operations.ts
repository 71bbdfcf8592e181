/** The account's resource policies for logs: kept and answered; deliveries inside the home do not ask them. */
import type * as Logs from "@aws-sdk/client-cloudwatch-logs";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts, Operations } from "../../define-service.ts";
import type { Statement, Store } from "../../store/index.ts";

export interface LogPolicies {
  put: Statement;
  all: Statement;
  drop: Statement;
}

/** Call after the tables exist. */
export function logPolicies(store: Store): LogPolicies {
  return {
    put: store.prepare("INSERT OR REPLACE INTO logs_resource_policies VALUES (?, ?, ?)"),
    all: store.prepare("SELECT * FROM logs_resource_policies ORDER BY name"),
    drop: store.prepare("DELETE FROM logs_resource_policies WHERE name = ?"),
  };
}

export function policyOperations(home: HomePorts, policies: LogPolicies): Operations<typeof Logs> {
  return {
    PutResourcePolicy: {
      handle: ({ policyName = "", policyDocument = "" }) => {
        const nowMs = home.clock.now();
        policies.put.run(policyName, policyDocument, nowMs);
        return { resourcePolicy: { policyName, policyDocument, lastUpdatedTime: nowMs } };
      },
    },
    DescribeResourcePolicies: {
      handle: () => ({
        resourcePolicies: policies.all.all().map((row) => ({
          policyName: String(row.name),
          policyDocument: String(row.document),
          lastUpdatedTime: Number(row.updated_ms),
        })),
      }),
    },
    DeleteResourcePolicy: {
      handle: ({ policyName = "" }) => {
        if (policies.drop.run(policyName) > 0) return {};
        throw new AwsError("ResourceNotFoundException", `Policy with name [${policyName}] does not exist`);
      },
    },
  };
}

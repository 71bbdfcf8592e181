/** The account's resource policies for logs: they let services such as EventBridge write. */
import type * as Logs from "@aws-sdk/client-cloudwatch-logs";
import { z } from "zod";
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

const Statements = z.looseObject({ Statement: z.union([z.array(z.unknown()), z.looseObject({})]) });

/** All policies as the one that holds for every group; undefined without any. */
export function policyOfGroups(policies: LogPolicies): object | undefined {
  const rows = policies.all.all();
  if (rows.length === 0) return undefined;
  return { Version: "2012-10-17", Statement: rows.flatMap(({ document }) => statementsOf(String(document)) ?? []) };
}

/** Stores a policy. @throws AwsError InvalidParameterException: the document is none */
export function putPolicy(home: HomePorts, policies: LogPolicies, name: string, document: string): void {
  if (statementsOf(document) === undefined)
    throw new AwsError("InvalidParameterException", `The document of policy ${name} is not JSON with a Statement.`);
  policies.put.run(name, document, home.clock.now());
  home.policies.invalidate();
}

/** @returns whether there was one */
export function dropPolicy(home: HomePorts, policies: LogPolicies, name: string): boolean {
  const dropped = policies.drop.run(name) > 0;
  home.policies.invalidate();
  return dropped;
}

function statementsOf(document: string): readonly unknown[] | undefined {
  try {
    return [Statements.parse(JSON.parse(document)).Statement].flat();
  } catch {
    return undefined;
  }
}

export function policyOperations(home: HomePorts, policies: LogPolicies): Operations<typeof Logs> {
  return {
    PutResourcePolicy: {
      handle: ({ policyName = "", policyDocument = "" }) => {
        putPolicy(home, policies, policyName, policyDocument);
        return { resourcePolicy: { policyName, policyDocument, lastUpdatedTime: home.clock.now() } };
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
        if (dropPolicy(home, policies, policyName)) return {};
        throw new AwsError("ResourceNotFoundException", `Policy with name [${policyName}] does not exist`);
      },
    },
  };
}

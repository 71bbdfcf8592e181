/** CloudWatch Logs: what functions, jobs and state machines write, kept as long as each group says. */
import { defineService } from "../../define-service.ts";
import { openResourceTags } from "../../resource-tags.ts";
import { eventOperations } from "./event-operations.ts";
import { groupOperations } from "./group-operations.ts";
import { logArns } from "./log-arns.ts";
import { LogStore } from "./log-store.ts";
import { MetricFilterStore } from "./metric-filter-store.ts";
import { metricFilterOperations } from "./metric-filters.ts";
import { logPolicies, policyOfGroups, policyOperations } from "./policy-operations.ts";
import { definitionOperations, QueryDefinitions } from "./query-definitions.ts";
import { queryOperations } from "./query-operations.ts";
import { LogQueryRunner } from "./query-runner.ts";
import { QueryStore } from "./query-store.ts";
import { logResources } from "./resources.ts";
import { tagOperations } from "./tag-operations.ts";

const DAY_MS = 24 * 3_600_000;
/** How often expired events are dropped. */
const SWEEP_MS = 3_600_000;

export const logs = defineService<typeof import("@aws-sdk/client-cloudwatch-logs")>({
  name: "logs",
  signingName: "logs",
  iamPrefix: "logs",
  sdk: () => import("@aws-sdk/client-cloudwatch-logs"),
  create(home) {
    const store = new LogStore(home.store);
    const arns = logArns(home);
    const policies = logPolicies(home.store);
    const tags = openResourceTags(home.store, { code: "TooManyTagsException" });
    const queries = new QueryStore(home.store);
    const runner = new LogQueryRunner(home, store, queries);
    const filters = new MetricFilterStore(home.store);
    const definitions = new QueryDefinitions(home);
    home.policies.setResourceSource("logs", () => policyOfGroups(policies));
    let cancel = () => {};
    const sweep = () => {
      const nowMs = home.clock.now();
      for (const { name, retentionDays } of store.groups()) {
        if (retentionDays > 0) store.expire(name, nowMs - retentionDays * DAY_MS);
      }
      queries.expire(nowMs);
      cancel = home.clock.at(nowMs + SWEEP_MS, sweep);
    };
    return {
      operations: {
        ...groupOperations(home, store, arns, tags, filters),
        ...tagOperations(store, arns, tags),
        ...eventOperations(home, store, arns, filters),
        ...queryOperations({ home, logs: store, queries, runner, arns }),
        ...definitionOperations(home, definitions),
        ...metricFilterOperations(home, store, filters, arns),
        ...policyOperations(home, policies),
      },
      resources: logResources(home, { logs: store, arns, policies, tags, definitions, filters }),
      start() {
        sweep();
        runner.recover();
      },
      stop() {
        cancel();
        return runner.close();
      },
    };
  },
});

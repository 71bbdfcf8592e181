/** CloudWatch Logs: what functions, jobs and state machines write, kept as long as each group says. */
import { defineService } from "../../define-service.ts";
import { eventOperations } from "./event-operations.ts";
import { groupOperations } from "./group-operations.ts";
import { logArns } from "./log-arns.ts";
import { LogStore } from "./log-store.ts";
import { logPolicies, policyOfGroups, policyOperations } from "./policy-operations.ts";
import { logResources } from "./resources.ts";

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
    home.policies.setResourceSource("logs", () => policyOfGroups(policies));
    let cancel = () => {};
    const sweep = () => {
      const nowMs = home.clock.now();
      for (const { name, retentionDays } of store.groups()) {
        if (retentionDays > 0) store.expire(name, nowMs - retentionDays * DAY_MS);
      }
      cancel = home.clock.at(nowMs + SWEEP_MS, sweep);
    };
    return {
      operations: {
        ...groupOperations(home, store, arns),
        ...eventOperations(home, store, arns),
        ...policyOperations(home, policies),
      },
      resources: logResources(home, store, arns, policies),
      start: sweep,
      stop: () => cancel(),
    };
  },
});

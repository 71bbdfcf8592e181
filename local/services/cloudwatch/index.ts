/** CloudWatch: metrics, alarms and dashboards. */
import { defineService } from "../../define-service.ts";
import { openResourceTags } from "../../resource-tags.ts";
import { alarmOperations } from "./alarm-operations.ts";
import { Alarms } from "./alarms.ts";
import { dashboards } from "./dashboards.ts";
import { metricOperations } from "./metric-operations.ts";
import { MetricStore, migrateCloudWatch } from "./metric-store.ts";
import { cloudWatchResources } from "./resources.ts";
import { tagOperations } from "./tag-operations.ts";

const MINUTE_MS = 60_000;
/** Data points are kept as long as the service keeps its hourly ones. */
const KEPT_MS = 455 * 24 * 60 * MINUTE_MS;

export const cloudwatch = defineService<typeof import("@aws-sdk/client-cloudwatch")>({
  name: "cloudwatch",
  signingName: "monitoring",
  iamPrefix: "cloudwatch",
  sdk: () => import("@aws-sdk/client-cloudwatch"),
  create(home) {
    migrateCloudWatch(home.store);
    const metrics = new MetricStore(home.store);
    const alarms = new Alarms(home, metrics);
    const boards = dashboards(home);
    const tags = openResourceTags(home.store, { code: "LimitExceeded" });
    let cancel = () => {};
    const minute = () => {
      alarms.evaluate();
      alarms.history.expire();
      metrics.expire(home.clock.now() - KEPT_MS);
      cancel = home.clock.at(home.clock.now() + MINUTE_MS, minute);
    };
    return {
      operations: {
        ...metricOperations(home, metrics, (metric) => alarms.evaluate(metric)),
        ...alarmOperations(alarms, tags),
        ...tagOperations(alarms, tags),
        ...boards.operations,
      },
      resources: cloudWatchResources(alarms, boards, tags),
      start: minute,
      stop: () => cancel(),
    };
  },
});

/**
 * EventBridge: buses, rules, targets, archives and replays.
 *
 * It is the home's default bus: what other services emit comes here in the batch of the change that caused it.
 */
import { defineService } from "../../define-service.ts";
import { destinationOperations } from "./api-destinations/operations.ts";
import { archiveOperations } from "./archive-operations.ts";
import { busOperations } from "./bus-operations.ts";
import { eventsResources } from "./cloudformation.ts";
import { functionsHearing } from "./functions-hearing.ts";
import { createMetrics } from "./metrics.ts";
import { busNameOf, DEFAULT_BUS } from "./names.ts";
import { createEventsParts } from "./parts.ts";
import { permissionOperations } from "./permission-operations.ts";
import { ruleOperations } from "./rule-operations.ts";
import { eventsViews } from "./views.ts";

/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/Welcome.html */
export const events = defineService<typeof import("@aws-sdk/client-eventbridge")>({
  name: "events",
  signingName: "events",
  iamPrefix: "events",
  sdk: () => import("@aws-sdk/client-eventbridge"),
  create(home) {
    const parts = createEventsParts(home);
    const metrics = createMetrics(home, parts.counts);
    home.onForeseen("events", async (detailType) => home.foresee(functionsHearing(parts.rules, detailType)));
    home.setBus((event) => parts.router.accept(DEFAULT_BUS, event));
    home.policies.setResourceSource("events", (arn) =>
      arn.includes(":event-bus/") ? parts.buses.find(busNameOf(arn))?.policy : undefined,
    );
    return {
      operations: {
        ...busOperations(parts),
        ...permissionOperations(parts),
        ...ruleOperations(parts),
        ...archiveOperations(parts),
        ...destinationOperations(parts),
      },
      resources: eventsResources(parts),
      views: eventsViews(parts),
      start() {
        parts.outbox.start();
        parts.schedules.start();
        parts.replays.start();
        metrics.start();
      },
      async stop() {
        await metrics.stop();
        parts.outbox.stop();
        parts.schedules.stop();
        parts.replays.stop();
      },
    };
  },
});

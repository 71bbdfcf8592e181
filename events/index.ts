/** The vocabulary: one file an event the app emits or answers to. */
export { crawlerStateChange } from "./crawler-state-change.ts";
export { dataProductUpdated } from "./data-product-updated.ts";
export { databaseStateChange } from "./database-state-change.ts";
export { type EventPattern, OWN_SOURCE } from "./define-event.ts";
export { endpointStateChange } from "./endpoint-state-change.ts";
export { executionStatusChange } from "./execution-status-change.ts";
export { lakeFormationCall } from "./lake-formation-call.ts";
export { modelLifecycleFailed } from "./model-lifecycle-failed.ts";
export { modelPackageStateChange } from "./model-package-state-change.ts";
export { modelRegistered } from "./model-registered.ts";
export { modelReleaseRolledBack } from "./model-release-rolled-back.ts";
export { modelReleased } from "./model-released.ts";
export { objectCreated } from "./object-created.ts";
export { tableStateChange } from "./table-state-change.ts";

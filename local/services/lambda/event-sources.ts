/** Event source mappings as the API and CloudFormation have them, and the pollers that serve them. */
import type { EventSourceMappingConfiguration, FilterCriteria } from "@aws-sdk/client-lambda";
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts, Operations, ResourceType } from "../../define-service.ts";
import { cfnBoolean, cfnNumber, cfnTags, parseProperties } from "../../parse-properties.ts";
import type { EventSourceMapping, EventSourceStore } from "./event-source-store.ts";
import { type FunctionStore, parseReference } from "./function-store.ts";
import { LATEST } from "./version-store.ts";

type Sdk = typeof import("@aws-sdk/client-lambda");
type MappingOperations = Pick<
  Operations<Sdk>,
  | "CreateEventSourceMapping"
  | "GetEventSourceMapping"
  | "ListEventSourceMappings"
  | "UpdateEventSourceMapping"
  | "DeleteEventSourceMapping"
>;

/** Hears of a mapping that is new or changed, or of the UUID of one that is gone. */
export interface MappingListener {
  changed(mapping: EventSourceMapping): void;
  gone(uuid: string): void;
}

const DEFAULT_BATCH = 10;
/** What Lambda starts with where no maximum is set. */
const DEFAULT_CONCURRENCY = 5;

const MappingProperties = z.strictObject({
  FunctionName: z.string(),
  EventSourceArn: z.string(),
  BatchSize: cfnNumber.default(DEFAULT_BATCH),
  MaximumBatchingWindowInSeconds: cfnNumber.default(0),
  Enabled: cfnBoolean.default(true),
  FilterCriteria: z.strictObject({ Filters: z.array(z.object({ Pattern: z.string() })).default([]) }).optional(),
  FunctionResponseTypes: z.array(z.literal("ReportBatchItemFailures")).default([]),
  ScalingConfig: z.strictObject({ MaximumConcurrency: cfnNumber.optional() }).optional(),
  MetricsConfig: z.unknown().optional(),
  Tags: cfnTags.optional(),
});

export function mappingOperations(
  home: HomePorts,
  functions: FunctionStore,
  mappings: EventSourceStore,
  listener: MappingListener,
): MappingOperations {
  const arnOf = (uuid: string | undefined) =>
    `arn:aws:lambda:${home.region}:${home.accountId}:event-source-mapping:${uuid ?? ""}`;
  const on = (action: string) => (input: { UUID?: string | undefined }) => ({
    action: `lambda:${action}`,
    resource: arnOf(input.UUID),
  });
  const put = (mapping: Omit<EventSourceMapping, "modifiedMs">, state: string) => {
    const saved = mappings.put(mapping);
    listener.changed(saved);
    return { ...shown(functions, saved), State: state };
  };
  return {
    CreateEventSourceMapping: {
      authorize: () => ({ action: "lambda:CreateEventSourceMapping", resource: "*" }),
      handle(input) {
        const mapping = {
          uuid: home.uuid(),
          function: referenceOf(functions, input.FunctionName),
          queueArn: input.EventSourceArn ?? "",
          batchSize: input.BatchSize ?? DEFAULT_BATCH,
          windowSeconds: input.MaximumBatchingWindowInSeconds ?? 0,
          enabled: input.Enabled ?? true,
          filters: patternsOf(input.FilterCriteria),
          reportsFailures: input.FunctionResponseTypes?.includes("ReportBatchItemFailures") ?? false,
          concurrency: input.ScalingConfig?.MaximumConcurrency ?? DEFAULT_CONCURRENCY,
        };
        return put(mapping, "Creating");
      },
    },
    GetEventSourceMapping: {
      authorize: on("GetEventSourceMapping"),
      handle: ({ UUID }) => shown(functions, mappings.get(UUID)),
    },
    ListEventSourceMappings: {
      authorize: () => ({ action: "lambda:ListEventSourceMappings", resource: "*" }),
      handle({ FunctionName, EventSourceArn }) {
        const wanted = FunctionName === undefined ? undefined : parseReference(FunctionName).name;
        const found = mappings
          .list()
          .filter((one) => wanted === undefined || parseReference(one.function).name === wanted)
          .filter(({ queueArn }) => EventSourceArn === undefined || queueArn === EventSourceArn);
        return { EventSourceMappings: found.map((mapping) => shown(functions, mapping)) };
      },
    },
    UpdateEventSourceMapping: {
      authorize: on("UpdateEventSourceMapping"),
      handle(input) {
        const { modifiedMs: _, ...current } = mappings.get(input.UUID);
        const changed = {
          ...current,
          ...(input.FunctionName === undefined ? {} : { function: referenceOf(functions, input.FunctionName) }),
          batchSize: input.BatchSize ?? current.batchSize,
          windowSeconds: input.MaximumBatchingWindowInSeconds ?? current.windowSeconds,
          enabled: input.Enabled ?? current.enabled,
          filters: input.FilterCriteria === undefined ? current.filters : patternsOf(input.FilterCriteria),
          reportsFailures: input.FunctionResponseTypes?.includes("ReportBatchItemFailures") ?? current.reportsFailures,
          concurrency: input.ScalingConfig?.MaximumConcurrency ?? current.concurrency,
        };
        return put(changed, "Updating");
      },
    },
    DeleteEventSourceMapping: {
      authorize: on("DeleteEventSourceMapping"),
      handle({ UUID }) {
        const mapping = mappings.get(UUID);
        mappings.delete(mapping.uuid);
        listener.gone(mapping.uuid);
        return { ...shown(functions, mapping), State: "Deleting" };
      },
    },
  };
}

export function mappingResource(
  home: HomePorts,
  functions: FunctionStore,
  mappings: EventSourceStore,
  listener: MappingListener,
): ResourceType {
  const put = (given: unknown, uuid: string) => {
    const properties = parseProperties("AWS::Lambda::EventSourceMapping", MappingProperties, given);
    const mapping = mappings.put({
      uuid,
      function: referenceOf(functions, properties.FunctionName),
      queueArn: properties.EventSourceArn,
      batchSize: properties.BatchSize,
      windowSeconds: properties.MaximumBatchingWindowInSeconds,
      enabled: properties.Enabled,
      filters: properties.FilterCriteria?.Filters.map(({ Pattern }) => Pattern) ?? [],
      reportsFailures: properties.FunctionResponseTypes.length > 0,
      concurrency: properties.ScalingConfig?.MaximumConcurrency ?? DEFAULT_CONCURRENCY,
    });
    listener.changed(mapping);
    return { physicalId: uuid, attributes: { Id: uuid } };
  };
  return {
    properties: MappingProperties,
    create: (given) => put(given, home.uuid()),
    update(given, current) {
      const { EventSourceArn } = parseProperties("AWS::Lambda::EventSourceMapping", MappingProperties, given);
      return EventSourceArn === mappings.get(current.physicalId).queueArn ? put(given, current.physicalId) : "replace";
    },
    delete({ physicalId }) {
      mappings.delete(physicalId);
      listener.gone(physicalId);
    },
  };
}

function referenceOf(functions: FunctionStore, reference: string | undefined): string {
  const { qualifier } = parseReference(reference);
  const { name } = functions.get(reference);
  return qualifier === undefined || qualifier === LATEST ? name : `${name}:${qualifier}`;
}

function patternsOf(criteria: FilterCriteria | undefined): string[] {
  return (criteria?.Filters ?? []).map(({ Pattern }) => {
    if (Pattern !== undefined) return Pattern;
    throw new AwsError("InvalidParameterValueException", "Invalid filter pattern definition.", {
      fields: { Type: "User" },
    });
  });
}

function shown(functions: FunctionStore, mapping: EventSourceMapping): EventSourceMappingConfiguration {
  return {
    UUID: mapping.uuid,
    BatchSize: mapping.batchSize,
    MaximumBatchingWindowInSeconds: mapping.windowSeconds,
    EventSourceArn: mapping.queueArn,
    FunctionArn: functions.arn(mapping.function),
    LastModified: new Date(mapping.modifiedMs),
    State: mapping.enabled ? "Enabled" : "Disabled",
    StateTransitionReason: "USER_INITIATED",
    FunctionResponseTypes: mapping.reportsFailures ? ["ReportBatchItemFailures"] : [],
    ...(mapping.filters.length === 0
      ? {}
      : { FilterCriteria: { Filters: mapping.filters.map((Pattern) => ({ Pattern })) } }),
  };
}

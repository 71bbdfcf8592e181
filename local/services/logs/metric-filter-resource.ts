/** AWS::Logs::MetricFilter. */
import { z } from "zod";
import type { HomePorts, ResourceState, ResourceType } from "../../define-service.ts";
import { cfnNumber, parseProperties } from "../../parse-properties.ts";
import type { LogStore } from "./log-store.ts";
import type { MetricFilterStore } from "./metric-filter-store.ts";
import { putMetricFilter } from "./metric-filters.ts";

const TYPE = "AWS::Logs::MetricFilter";
const Properties = z.strictObject({
  LogGroupName: z.string(),
  FilterName: z.string().optional(),
  FilterPattern: z.string(),
  MetricTransformations: z.array(
    z.strictObject({
      MetricName: z.string(),
      MetricNamespace: z.string(),
      MetricValue: z.union([z.string(), z.number()]).transform(String),
      DefaultValue: cfnNumber.optional(),
      Unit: z.string().optional(),
      Dimensions: z.array(z.strictObject({ Key: z.string(), Value: z.string() })).optional(),
    }),
  ),
});

export function metricFilterType(home: HomePorts, logs: LogStore, filters: MetricFilterStore): ResourceType {
  const write = (properties: unknown, name: string): ResourceState => {
    const given = parseProperties(TYPE, Properties, properties);
    const { name: group } = logs.group(given.LogGroupName);
    const transformations = given.MetricTransformations.map((one) => ({
      metricName: one.MetricName,
      metricNamespace: one.MetricNamespace,
      metricValue: one.MetricValue,
      defaultValue: one.DefaultValue,
      unit: one.Unit,
      dimensions: one.Dimensions && Object.fromEntries(one.Dimensions.map(({ Key, Value }) => [Key, Value])),
    }));
    putMetricFilter(home, filters, { group, name, pattern: given.FilterPattern, transformations });
    return { physicalId: name, attributes: { LogGroupName: group } };
  };
  return {
    properties: Properties,
    create: (properties, context) =>
      write(properties, parseProperties(TYPE, Properties, properties).FilterName ?? context.generateName(512)),
    update(properties, { physicalId, attributes }) {
      const { FilterName = physicalId, LogGroupName } = parseProperties(TYPE, Properties, properties);
      const same = FilterName === physicalId && LogGroupName === attributes.LogGroupName;
      return same ? write(properties, physicalId) : "replace";
    },
    delete({ physicalId, attributes }) {
      filters.drop(String(attributes.LogGroupName), physicalId);
    },
  };
}

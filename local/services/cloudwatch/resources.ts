/** AWS::CloudWatch::* types. */
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";
import type { ResourceState, ResourceType } from "../../define-service.ts";
import { parseProperties } from "../../parse-properties.ts";
import type { ResourceTags } from "../../resource-tags.ts";
import { AlarmDefinition, alarmProblem } from "./alarm-definition.ts";
import type { Alarms } from "./alarms.ts";
import type { Dashboards } from "./dashboards.ts";

const Dashboard = z.strictObject({ DashboardName: z.string().optional(), DashboardBody: z.string() });

export function cloudWatchResources(
  alarms: Alarms,
  boards: Dashboards,
  tags: ResourceTags,
): Record<string, ResourceType> {
  const writeAlarm = (properties: unknown, name: string): ResourceState => {
    const definition = parseProperties("AWS::CloudWatch::Alarm", AlarmDefinition, properties);
    const problem = alarmProblem(definition);
    if (problem !== undefined) throw new AwsError("ValidationError", `AWS::CloudWatch::Alarm ${name}: ${problem}`);
    alarms.put(name, definition);
    tags.replace(alarms.arn(name), definition.Tags ?? []);
    return { physicalId: name, attributes: { Arn: alarms.arn(name) } };
  };
  const writeBoard = (properties: unknown, name: string): ResourceState => {
    boards.put(name, parseProperties("AWS::CloudWatch::Dashboard", Dashboard, properties).DashboardBody);
    return { physicalId: name, attributes: {} };
  };
  return {
    "AWS::CloudWatch::Alarm": {
      properties: AlarmDefinition,
      create(properties, context) {
        const { AlarmName } = parseProperties("AWS::CloudWatch::Alarm", AlarmDefinition, properties);
        return writeAlarm(properties, AlarmName ?? context.generateName(255));
      },
      update(properties, { physicalId }) {
        const { AlarmName } = parseProperties("AWS::CloudWatch::Alarm", AlarmDefinition, properties);
        return AlarmName !== undefined && AlarmName !== physicalId ? "replace" : writeAlarm(properties, physicalId);
      },
      delete({ physicalId }) {
        alarms.drop(physicalId);
        tags.replace(alarms.arn(physicalId), []);
      },
    },
    "AWS::CloudWatch::Dashboard": {
      properties: Dashboard,
      create(properties, context) {
        const { DashboardName } = parseProperties("AWS::CloudWatch::Dashboard", Dashboard, properties);
        return writeBoard(properties, DashboardName ?? context.generateName(255));
      },
      update(properties, { physicalId }) {
        const { DashboardName } = parseProperties("AWS::CloudWatch::Dashboard", Dashboard, properties);
        return DashboardName !== undefined && DashboardName !== physicalId
          ? "replace"
          : writeBoard(properties, physicalId);
      },
      delete: ({ physicalId }) => {
        boards.drop(physicalId);
      },
    },
  };
}

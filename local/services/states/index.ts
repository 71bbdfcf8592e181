/** AWS Step Functions in the home: the engine made durable, with its integrations. */
import { defineService, type HomePorts } from "../../define-service.ts";
import { activityOperations } from "./activities/activities-api.ts";
import { ActivityQueue } from "./activities/activity-queue.ts";
import { activityResource } from "./activities/activity-resource.ts";
import { ActivityStore } from "./activities/activity-store.ts";
import { ExecutionRunner } from "./execution-runner.ts";
import { ExecutionStore } from "./execution-store.ts";
import { executionOperations } from "./executions-api.ts";
import { HistoryLogs } from "./logging/history-logs.ts";
import { type MachineRecord, MachineStore } from "./machine-store.ts";
import { machineOperations } from "./machines-api.ts";
import { MapRunStore } from "./map-runs/map-run-store.ts";
import { mapRunOperations } from "./map-runs/map-runs-api.ts";
import { stateMachineResource } from "./resources.ts";
import { Retention } from "./retention.ts";
import { VERSIONS } from "./tables.ts";
import { TagStore, tagOperations } from "./tags.ts";
import { TaskRunner } from "./task-runner.ts";
import { taskOperations } from "./tasks-api.ts";
import { testStateOperations } from "./test-state-api.ts";
import { AliasStore } from "./versions/alias-store.ts";
import { aliasOperations } from "./versions/aliases-api.ts";
import { aliasResource, versionResource } from "./versions/version-resources.ts";
import { VersionStore } from "./versions/version-store.ts";
import { versionOperations } from "./versions/versions-api.ts";

/** Machines compiled ahead of their first execution. */
const READ_AHEAD = 50;

/** https://docs.aws.amazon.com/step-functions/latest/apireference/Welcome.html */
export const states = defineService<typeof import("@aws-sdk/client-sfn")>({
  name: "states",
  signingName: "states",
  iamPrefix: "states",
  sdk: () => import("@aws-sdk/client-sfn"),
  create(home) {
    home.store.migrate("states", VERSIONS);
    const machines = new MachineStore(home);
    const executions = new ExecutionStore(home.store);
    const mapRuns = new MapRunStore(home.store);
    const activities = new ActivityStore(home);
    const queue = new ActivityQueue(home);
    const tags = new TagStore(home);
    const logs = new HistoryLogs(home);
    const retention = new Retention(home);
    const tasks = new TaskRunner(home, executions, queue);
    const runner = new ExecutionRunner({ home, machines, executions, mapRuns, activities, queue, logs }, tasks);
    const targets = { home, machines, versions: new VersionStore(home), aliases: new AliasStore(home) };
    home.onStarted(() => machines.list(undefined, READ_AHEAD).flatMap((machine) => readAhead(home, machines, machine)));
    return {
      operations: {
        ...machineOperations({ ...targets, tags }),
        ...versionOperations(targets),
        ...aliasOperations(targets),
        ...tagOperations(tags, (arn) => machines.find(arn) !== undefined || activities.find(arn) !== undefined),
        ...executionOperations({ ...targets, executions, runner, retention, mapRuns }),
        ...mapRunOperations(mapRuns, runner),
        ...activityOperations({ home, activities, queue, runner, tags }),
        ...taskOperations({ executions, runner, tasks }),
        ...testStateOperations(home),
      },
      resources: {
        "AWS::StepFunctions::StateMachine": stateMachineResource(home, machines, runner, tags),
        "AWS::StepFunctions::StateMachineVersion": versionResource(targets),
        "AWS::StepFunctions::StateMachineAlias": aliasResource(targets),
        "AWS::StepFunctions::Activity": activityResource(activities, tags),
      },
      start() {
        retention.start();
        runner.recover();
      },
      async stop() {
        retention.stop();
        runner.stop();
        await logs.drained();
      },
    };
  },
});

/** What the first execution of a machine would wait for: its compiled definition, and the schemas of the services it calls. */
function readAhead(home: HomePorts, machines: MachineStore, { revision }: MachineRecord): (() => unknown)[] {
  return [
    () => machines.compiled(revision),
    async () => {
      for (const { service } of machines.foreseen(revision)) await home.schema(service);
    },
  ];
}

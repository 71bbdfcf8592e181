/** AWS Step Functions in the home: the engine made durable, with its integrations. */
import { defineService } from "../../define-service.ts";
import { ExecutionRunner } from "./execution-runner.ts";
import { ExecutionStore } from "./execution-store.ts";
import { executionOperations } from "./executions-api.ts";
import { MachineStore } from "./machine-store.ts";
import { machineOperations } from "./machines-api.ts";
import { MapRunStore } from "./map-runs/map-run-store.ts";
import { stateMachineResource } from "./resources.ts";
import { VERSIONS } from "./tables.ts";
import { TaskRunner } from "./task-runner.ts";
import { taskOperations } from "./tasks-api.ts";

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
    const tasks = new TaskRunner(home, executions);
    const runner = new ExecutionRunner({ home, machines, executions, mapRuns }, tasks);
    return {
      operations: {
        ...machineOperations(home, machines),
        ...executionOperations({ home, machines, executions, runner }),
        ...taskOperations({ executions, runner, tasks }),
      },
      resources: { "AWS::StepFunctions::StateMachine": stateMachineResource(home, machines) },
      start: () => runner.recover(),
      stop: () => runner.stop(),
    };
  },
});

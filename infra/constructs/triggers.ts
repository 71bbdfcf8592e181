/** Everything that starts a lifecycle or moves one on: rules on the default bus, and schedules. */
import type { IRuleTarget } from "aws-cdk-lib/aws-events";
import { LambdaFunction, SfnStateMachine } from "aws-cdk-lib/aws-events-targets";
import type { IFunction } from "aws-cdk-lib/aws-lambda";
import { CfnScheduleGroup } from "aws-cdk-lib/aws-scheduler";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { IStateMachine } from "aws-cdk-lib/aws-stepfunctions";
import { Construct } from "constructs";
import {
  crawlerStateChange,
  databaseStateChange,
  type EventPattern,
  endpointStateChange,
  executionStatusChange,
  lakeFormationCall,
  modelPackageStateChange,
  objectCreated,
  tableStateChange,
} from "../../events/index.ts";
import { SCHEDULE_GROUP } from "../names.ts";
import { type AppInputs, pascalCase } from "../stacks/bounded-context.ts";
import { FunctionSchedule } from "./schedule.ts";
import { ServiceRole } from "./service-role.ts";
import { type Delivery, Trigger } from "./trigger.ts";

export type TriggersProps = Readonly<{
  inputs: AppInputs;
  functions: ReadonlyMap<string, IFunction>;
  workflows: ReadonlyMap<string, IStateMachine>;
  failures: IQueue;
}>;

/** How often every product is looked at, in case the event of an update never came. */
const RECONCILIATION = "rate(1 hour)";

export class Triggers extends Construct {
  readonly #failures: IQueue;

  constructor(scope: Construct, id: string, { inputs, functions, workflows, failures }: TriggersProps) {
    super(scope, id);
    this.#failures = failures;
    const startLifecycle = functions.get("start-lifecycle");
    const completeTask = functions.get("complete-task");
    const reportFailure = functions.get("report-failure");
    const releaseModel = workflows.get("release-model");
    if (startLifecycle !== undefined) {
      this.#dataUpdates(inputs, startLifecycle);
      this.#schedules(inputs, startLifecycle);
    }
    if (completeTask !== undefined) this.#completions(inputs, completeTask);
    if (reportFailure !== undefined) this.#failedExecutions(workflows, reportFailure);
    if (releaseModel !== undefined) this.#approvals(inputs, releaseModel);
  }

  #approvals({ models }: AppInputs, releaseModel: IStateMachine): void {
    const role = new ServiceRole(this, "ReleaseAccess", {
      service: "events.amazonaws.com",
      description: "The rule that releases an approved model",
      permissions: [{ actions: ["states:StartExecution"], resources: [releaseModel.stateMachineArn] }],
    }).sealed;
    const approved = modelPackageStateChange.approved(models.map(({ model }) => model.name));
    const target = (delivery: Delivery) => new SfnStateMachine(releaseModel, { ...delivery, role });
    this.#rule("model-approved", "A model package became Approved", approved, target);
  }

  #dataUpdates({ names, products }: AppInputs, startLifecycle: IFunction): void {
    const target = (delivery: Delivery) => new LambdaFunction(startLifecycle, delivery);
    for (const { name, table } of products) {
      const bucket = names.productBucket(name);
      const objects = objectCreated.pattern({ bucket, prefix: `${table}/` });
      this.#rule(`${name}-object-created`, `Data product ${name} has new files`, objects, target);
      const tables = tableStateChange.pattern({ database: name, table });
      this.#rule(`${name}-table-changed`, `The catalog's table of ${name} changed`, tables, target);
      const databases = databaseStateChange.pattern({ database: name });
      this.#rule(`${name}-database-changed`, `The catalog's database ${name} changed`, databases, target);
    }
    const grants = lakeFormationCall.pattern();
    this.#rule("product-shared", "Lake Formation registered, tagged or granted a data product", grants, target);
  }

  #completions({ names, products, models }: AppInputs, completeTask: IFunction): void {
    const target = (delivery: Delivery) => new LambdaFunction(completeTask, delivery);
    const crawlers = crawlerStateChange.pattern({ crawlers: products.map(({ name }) => names.crawler(name)) });
    this.#rule("crawler-ended", "A data product's crawler ended", crawlers, target);
    const endpoints = endpointStateChange.pattern({ endpoints: models.map(({ model }) => model.name) });
    this.#rule("endpoint-changed", "A model's endpoint changed its state", endpoints, target);
  }

  #failedExecutions(workflows: TriggersProps["workflows"], reportFailure: IFunction): void {
    const arns = [...workflows.values()].map(({ stateMachineArn }) => stateMachineArn);
    this.#rule(
      "execution-failed",
      "An execution failed, ran out of time or was stopped",
      executionStatusChange.unsuccessful(arns),
      (delivery) => new LambdaFunction(reportFailure, delivery),
    );
  }

  #schedules({ models }: AppInputs, startLifecycle: IFunction): void {
    const group = new CfnScheduleGroup(this, "ScheduleGroup", { name: SCHEDULE_GROUP });
    const role = new ServiceRole(this, "ScheduleAccess", {
      service: "scheduler.amazonaws.com",
      description: "Schedules of the lifecycles",
      permissions: [
        { actions: ["lambda:InvokeFunction"], resources: [startLifecycle.functionArn] },
        { actions: ["sqs:SendMessage"], resources: [this.#failures.queueArn] },
      ],
    });
    const common = {
      groupName: SCHEDULE_GROUP,
      functionArn: startLifecycle.functionArn,
      roleArn: role.arn,
      deadLetterQueueArn: this.#failures.queueArn,
    };
    for (const { model } of models) {
      new FunctionSchedule(this, `${pascalCase(model.name)}Schedule`, {
        ...common,
        scheduleName: model.name,
        description: `Looks whether model ${model.name} needs retraining`,
        expression: model.schedule,
        input: { product: model.dataProduct.database, trigger: "schedule" },
      }).node.addDependency(group);
    }
    new FunctionSchedule(this, "ReconciliationSchedule", {
      ...common,
      scheduleName: "reconciliation",
      description: "Finds updates whose event never came",
      expression: RECONCILIATION,
      input: { trigger: "reconciliation" },
    }).node.addDependency(group);
  }

  #rule(name: string, description: string, pattern: EventPattern, target: (delivery: Delivery) => IRuleTarget): void {
    const ruleName = `tidemill-${name}`;
    new Trigger(this, pascalCase(name), { ruleName, description, pattern, target, deadLetterQueue: this.#failures });
  }
}

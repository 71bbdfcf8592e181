/** The ML team's account: lifecycles of the models, from a data update to an endpoint. */
import { RemovalPolicy, type StackProps } from "aws-cdk-lib";
import { CfnDataCatalog, CfnWorkGroup } from "aws-cdk-lib/aws-athena";
import { AttributeType, BillingMode, Table } from "aws-cdk-lib/aws-dynamodb";
import type { Construct } from "constructs";
import { openBus } from "../constructs/bus-entrance.ts";
import { EventForwarding } from "../constructs/event-forwarding.ts";
import { FailureQueue } from "../constructs/failure-queue.ts";
import { HandlerFunction } from "../constructs/handler-function.ts";
import { ModelResources } from "../constructs/model-resources.ts";
import { PrivateBucket } from "../constructs/private-bucket.ts";
import { ServiceRole } from "../constructs/service-role.ts";
import { Triggers } from "../constructs/triggers.ts";
import { Workflow } from "../constructs/workflow.ts";
import { LIFECYCLE_TABLE, notForwardedQueue, UNDELIVERED_QUEUE, WORKGROUP } from "../names.ts";
import { functionSpecs } from "../permissions/functions.ts";
import { processingPermissions, servingPermissions, trainingPermissions } from "../permissions/jobs.ts";
import { type JobRoles, WORKFLOWS, workflowPermissions } from "../permissions/workflows.ts";
import { NOTICES } from "../product-events.ts";
import { type AppInputs, BoundedContextStack, pascalCase } from "./bounded-context.ts";

export class MlStack extends BoundedContextStack {
  constructor(scope: Construct, inputs: AppInputs, props: StackProps) {
    super(scope, "ml", inputs, props);
    this.#stores();
    const failures = new FailureQueue(this, "UndeliveredEvents", UNDELIVERED_QUEUE).queue;
    const functions = this.#functions(failures);
    const workflows = this.#workflows(this.#jobRoles());
    new ModelResources(this, "Models", inputs);
    new Triggers(this, "Triggers", { inputs, functions, workflows, failures });
    this.#neighbours();
  }

  #stores(): void {
    const { names } = this.inputs;
    new PrivateBucket(this, "Artifacts", { bucketName: names.artifactsBucket() });
    const results = new PrivateBucket(this, "AthenaResults", {
      bucketName: names.athenaBucket(),
      expireDays: { "": 7 },
    });
    new CfnWorkGroup(this, "Workgroup", {
      name: WORKGROUP,
      description: "Queries on data products; results in one place, encrypted, expired after a week",
      state: "ENABLED",
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: 100 * 1024 ** 3,
        engineVersion: { selectedEngineVersion: "Athena engine version 3" },
        resultConfiguration: {
          outputLocation: `s3://${results.bucket.bucketName}/results/`,
          encryptionConfiguration: { encryptionOption: "SSE_S3" },
        },
      },
    });
    new Table(this, "LifecycleTable", {
      tableName: LIFECYCLE_TABLE,
      partitionKey: { name: "pk", type: AttributeType.STRING },
      sortKey: { name: "sk", type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: "expiresAt",
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** What the contexts in other accounts need of this one, and this one of them. */
  #neighbours(): void {
    const { names } = this.inputs;
    for (const context of ["producer", "governance"] as const) {
      if (!names.share("ml", context)) openBus(this, context, names.account(context), this.arns.defaultBus);
    }
    if (!names.share("ml", "governance")) {
      new CfnDataCatalog(this, "ProductCatalog", {
        name: names.athenaCatalog(),
        type: "GLUE",
        description: "The data products' tables, in the catalog of the governance account",
        parameters: { "catalog-id": names.account("governance") },
      });
    }
    if (!names.share("ml", "observability")) {
      new EventForwarding(this, {
        busArn: this.arns.noticesBus,
        queueName: notForwardedQueue("ml"),
        patterns: Object.fromEntries(
          NOTICES.map(({ source, detailType }) => [
            detailType.toLowerCase().replaceAll(" ", "-"),
            { source: [source], "detail-type": [detailType] },
          ]),
        ),
      });
    }
  }

  #functions(failures: FailureQueue["queue"]): ReadonlyMap<string, HandlerFunction["function"]> {
    const { names, bundles } = this.inputs;
    const functions = new Map<string, HandlerFunction["function"]>();
    for (const [handler, spec] of Object.entries(functionSpecs(this.arns, names))) {
      if (spec.context !== "ml") continue;
      const props = { handler, spec, arns: this.arns, bundles, ...(spec.invokedByEvents === true ? { failures } : {}) };
      functions.set(handler, new HandlerFunction(this, pascalCase(handler), props).function);
    }
    return functions;
  }

  #jobRoles(): JobRoles {
    const role = (id: string, description: string, permissions: ReturnType<typeof trainingPermissions>) =>
      new ServiceRole(this, id, { service: "sagemaker.amazonaws.com", description, permissions }).arn;
    return {
      processing: role("ProcessingAccess", "SageMaker processing jobs", processingPermissions(this.arns)),
      training: role("TrainingAccess", "SageMaker training jobs", trainingPermissions(this.arns)),
      serving: role("ServingAccess", "SageMaker endpoints", servingPermissions(this.arns)),
    };
  }

  #workflows(roles: JobRoles): ReadonlyMap<string, Workflow["stateMachine"]> {
    const substitutions = this.#substitutions(roles);
    return new Map(
      WORKFLOWS.map((name) => {
        const permissions = workflowPermissions(name, this.arns, roles);
        const props = { name, directory: this.inputs.workflows, substitutions, permissions };
        return [name, new Workflow(this, pascalCase(name), props).stateMachine];
      }),
    );
  }

  /** Functions and state machines go in by their names' ARNs: references would make the stack's resources circular. */
  #substitutions(roles: JobRoles): Record<string, string> {
    const { names } = this.inputs;
    const functions = Object.keys(functionSpecs(this.arns, names)).map((name) => [
      `${pascalCase(name)}FunctionArn`,
      this.arns.handler(name),
    ]);
    const stateMachines = WORKFLOWS.map((name) => [`${pascalCase(name)}StateMachineArn`, this.arns.stateMachine(name)]);
    return {
      ...Object.fromEntries([...functions, ...stateMachines]),
      LifecycleTable: LIFECYCLE_TABLE,
      EventBusName: "default",
      ArtifactsBucket: names.artifactsBucket(),
      AthenaResultsBucket: names.athenaBucket(),
      AthenaWorkGroup: WORKGROUP,
      ProcessingRoleArn: roles.processing,
      TrainingRoleArn: roles.training,
      ModelRoleArn: roles.serving,
    };
  }
}

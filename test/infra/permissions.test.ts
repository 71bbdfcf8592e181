import { readFileSync } from "node:fs";
import { join } from "node:path";
import { App, Stack } from "aws-cdk-lib";
import { describe, expect, it } from "vitest";
import { ServiceRole } from "../../infra/constructs/service-role.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { allResources, PROJECT, type Resource, resourcesOf } from "./assembly.ts";

type Statement = Readonly<{ Action: string | string[]; Resource: unknown; Condition?: unknown }>;

async function roles(): Promise<Resource[]> {
  return resourcesOf("AWS::IAM::Role");
}

function statementsOf({ Properties }: Resource): Statement[] {
  return Array.isArray(Properties.Policies)
    ? Properties.Policies.flatMap((policy) => Object(policy).PolicyDocument.Statement)
    : [];
}

const actionsOf = (statement: Statement): string[] => [statement.Action].flat();

describe("roles", () => {
  it("name each action, never a family of actions", async () => {
    for (const role of await roles()) {
      for (const action of statementsOf(role).flatMap(actionsOf)) expect(action, role.id).not.toContain("*");
    }
  });

  it("use no managed policy", async () => {
    for (const role of await roles()) expect(role.Properties.ManagedPolicyArns, role.id).toBeUndefined();
  });

  it("name the resource wherever the action has a resource level", async () => {
    const withoutLevel = new Set([
      "cloudwatch:PutMetricData",
      "ecr:GetAuthorizationToken",
      "sagemaker:ListEndpoints",
      "sagemaker:ListModelPackages",
    ]);
    for (const role of await roles()) {
      for (const statement of statementsOf(role).filter(({ Resource }) => Resource === "*")) {
        const unexpected = actionsOf(statement).filter(
          (action) => !/^(xray|logs):/.test(action) && !withoutLevel.has(action),
        );
        expect(unexpected, role.id).toEqual([]);
      }
    }
  });

  it("pass a role to SageMaker only", async () => {
    const passing = (await roles())
      .flatMap(statementsOf)
      .filter((statement) => actionsOf(statement).includes("iam:PassRole"));
    expect(passing).toHaveLength(2);
    for (const { Condition } of passing) {
      expect(Condition).toEqual({ StringEquals: { "iam:PassedToService": "sagemaker.amazonaws.com" } });
    }
  });

  it("are assumed on behalf of their own account, wherever the service says for whom it acts", async () => {
    const saying = /^(events|sagemaker|scheduler|states)\.amazonaws\.com$/;
    const trusts = (await roles()).map(({ id, Properties }) => {
      const [{ Principal, Condition }] = Object(Properties.AssumeRolePolicyDocument).Statement;
      return { id, service: String(Object(Principal).Service), Condition };
    });
    expect(new Set(trusts.map(({ service }) => service))).toContain("states.amazonaws.com");
    for (const { id, service, Condition } of trusts) {
      const account = { StringEquals: { "aws:SourceAccount": { Ref: "AWS::AccountId" } } };
      expect(Condition, id).toEqual(saying.test(service) ? account : undefined);
    }
  });

  it("have their permissions in one inline policy, where a reader finds them all", async () => {
    expect((await allResources()).filter(({ Type }) => Type === "AWS::IAM::Policy")).toEqual([]);
  });

  it("may write to the registry only where a workflow registers", async () => {
    const writers = (await roles()).filter((role) =>
      statementsOf(role).flatMap(actionsOf).includes("sagemaker:CreateModelPackage"),
    );
    expect(writers.map(({ id }) => id)).toEqual([expect.stringContaining("TrainModel")]);
  });
});

describe("a workflow's role", () => {
  it.each([
    ["data-product-update", "DataProductUpdate"],
    ["train-model", "TrainModel"],
    ["release-model", "ReleaseModel"],
  ])("of %s may do what each of its tasks does", async (name, id) => {
    const role = (await roles()).find((resource) => resource.id.startsWith(`${id}Access`));
    const allowed = role === undefined ? [] : statementsOf(role).flatMap(actionsOf);
    const definition = readFileSync(join(PROJECT, "workflows", `${name}.asl.json`), "utf8");
    const integrations = Array.from(
      definition.matchAll(/"arn:aws:states:::([^"]+)"/g),
      ([, resource]) => resource ?? "",
    );
    expect(integrations.length).toBeGreaterThan(0);
    expect(integrations.map(actionOf).filter((action) => !allowed.includes(action))).toEqual([]);
  });
});

describe("ServiceRole", () => {
  it("refuses a wildcard nobody explains", () => {
    const stack = new Stack(new App({ outdir: temporaryFolder("role") }), "Test");
    const make = () =>
      new ServiceRole(stack, "Access", {
        service: "lambda.amazonaws.com",
        description: "test",
        permissions: [{ actions: ["s3:GetObject"], resources: ["arn:aws:s3:::bucket/*"] }],
      });
    expect(make).toThrow("Test/Access: s3:GetObject on arn:aws:s3:::bucket/* needs a reason");
  });
});

/** `aws-sdk:s3:getObject` and `sagemaker:createTrainingJob.sync` → the IAM action. */
function actionOf(integration: string): string {
  const [service = "", operation = ""] = integration
    .replace(/^aws-sdk:/, "")
    .replace(/\..*$/, "")
    .split(":");
  const action = `${operation.charAt(0).toUpperCase()}${operation.slice(1)}`;
  const prefix = service === "sfn" ? "states" : service;
  return prefix === "lambda" ? "lambda:InvokeFunction" : `${prefix}:${action}`;
}

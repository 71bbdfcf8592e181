import { join } from "node:path";
import { App, Stack, Validations } from "aws-cdk-lib";
import { Bucket } from "aws-cdk-lib/aws-s3";
import { AwsSolutionsChecks } from "cdk-nag";
import type { IConstruct } from "constructs";
import { beforeAll, describe, expect, it } from "vitest";
import { buildApp } from "../../infra/app.ts";
import { loadInputs } from "../../infra/load-inputs.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { FOUR_ACCOUNTS, PROJECT, THREE_ACCOUNTS } from "./assembly.ts";

let folder: string;
let app: App;
let apart: App[];
beforeAll(async () => {
  folder = temporaryFolder("nag");
  const inputs = await loadInputs(PROJECT, join(folder, "bundles"));
  app = buildApp({ outdir: join(folder, "cdk.out"), context: {}, inputs });
  apart = [THREE_ACCOUNTS, FOUR_ACCOUNTS].map((context) =>
    buildApp({ outdir: join(folder, "apart"), context, inputs }),
  );
});

const findings = (scope: IConstruct) =>
  new AwsSolutionsChecks()
    .validateScope(scope)
    .violations.map(({ ruleName, violatingResources }) => `${ruleName}: ${violatingResources[0]?.constructPath}`);

describe("cdk-nag AwsSolutions", () => {
  it("finds nothing in the app that is not acknowledged", () => {
    expect(findings(app)).toEqual([]);
  });

  it("finds nothing where the contexts have accounts of their own", () => {
    expect(apart.map(findings)).toEqual([[], []]);
  });

  it("finds what is wrong, so that an empty list means something", () => {
    const stack = new Stack(new App({ outdir: join(folder, "wrong") }), "Wrong");
    new Bucket(stack, "Public");
    expect(findings(stack)).toContain("AwsSolutions-S10: Wrong/Public/Resource");
  });

  it("is acknowledged with a reason of a sentence each time", () => {
    const reasons = [app, ...apart]
      .flatMap(({ node }) => node.findAll())
      .flatMap(({ node }) =>
        node.metadata
          .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
          .flatMap(({ data }) => Object.values(Object(data))),
      );
    expect(reasons.length).toBeGreaterThan(10);
    for (const reason of reasons) expect(reason).toMatch(/^[A-Z`].{25,}\.$/);
  });
});

/** The central catalog: one Glue database a data product. */
import { RemovalPolicy, type StackProps } from "aws-cdk-lib";
import { CfnDatabase } from "aws-cdk-lib/aws-glue";
import type { Construct } from "constructs";
import { type AppInputs, BoundedContextStack, pascalCase } from "./bounded-context.ts";

export class GovernanceStack extends BoundedContextStack {
  constructor(scope: Construct, inputs: AppInputs, props: StackProps) {
    super(scope, "governance", inputs, props);
    for (const { name } of inputs.products) {
      const database = new CfnDatabase(this, `${pascalCase(name)}Database`, {
        catalogId: this.account,
        databaseInput: { name, description: `Data product ${name}` },
      });
      database.applyRemovalPolicy(RemovalPolicy.RETAIN);
    }
  }
}

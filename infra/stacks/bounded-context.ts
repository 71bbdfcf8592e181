/** What every stack of the app is built from. */
import { Stack, type StackProps } from "aws-cdk-lib";
import type { Construct } from "constructs";
import { Arns } from "../arns.ts";
import type { DiscoveredModel } from "../discover-models.ts";
import { type Context, type Names, stackName } from "../names.ts";
import type { Product } from "../products.ts";

/** What the app is built of; `load-inputs.ts` reads it from the project. */
export type AppInputs = Readonly<{
  names: Names;
  models: readonly DiscoveredModel[];
  products: readonly Product[];
  /** Handlers found, and the folder of their bundles. */
  handlers: readonly string[];
  bundles: string;
  /** The folder `workflows/`. */
  workflows: string;
  /** Git commit of each model's folder by model name. */
  commits: Readonly<Record<string, string>>;
}>;

/** A stack named by its context, with the app's inputs and the ARNs as it sees them. */
export class BoundedContextStack extends Stack {
  protected readonly inputs: AppInputs;
  protected readonly arns: Arns;

  constructor(scope: Construct, context: Context, inputs: AppInputs, props: StackProps) {
    super(scope, stackName(context), { ...props, stackName: stackName(context) });
    this.inputs = inputs;
    const models = inputs.models.map(({ model }) => model.name);
    this.arns = new Arns(inputs.names, inputs.products, models);
  }
}

/** `credit-card` → `CreditCard`: construct ids, which become logical ids. */
export function pascalCase(name: string): string {
  return name.replace(/(?:^|-)(\w)/g, (_, letter: string) => letter.toUpperCase());
}

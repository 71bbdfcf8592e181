/** The CDK app: four stacks, one a bounded context, which may share an account or have one each. */
import { App, DefaultStackSynthesizer, type IStackSynthesizer, type StackProps } from "aws-cdk-lib";
import { type Accounts, type Context, Names } from "./names.ts";
import type { AppInputs } from "./stacks/bounded-context.ts";
import { GovernanceStack } from "./stacks/governance.ts";
import { MlStack } from "./stacks/ml.ts";
import { ObservabilityStack } from "./stacks/observability.ts";
import { ProducerStack } from "./stacks/producer.ts";

export type AppOptions = Readonly<{
  /** Where the cloud assembly goes. */
  outdir: string;
  /** CDK context: `producerAccount`, `governanceAccount`, `mlAccount`, `observabilityAccount`, `region`; all optional. */
  context: Readonly<Record<string, string>>;
  inputs: Omit<AppInputs, "names">;
}>;

/**
 * Builds the app's construct tree.
 *
 * @returns the app, not yet synthesized
 */
export function buildApp({ outdir, context, inputs }: AppOptions): App {
  const app = new App({
    outdir,
    // Without stack traces the assembly depends on the inputs alone, not on who synthesizes them from where.
    context: { "aws:cdk:disable-stack-trace": true, ...context },
    analyticsReporting: false,
    treeMetadata: false,
  });
  const fromContext = (key: string): string | undefined => app.node.tryGetContext(key);
  const accounts: Accounts = Object.fromEntries(
    (["producer", "governance", "ml", "observability"] as const)
      .map((name) => [name, fromContext(`${name}Account`)])
      .filter(([, account]) => account !== undefined),
  );
  const region = fromContext("region");
  const props = (name: Context, description: string): StackProps => {
    const account = accounts[name];
    return {
      description: `tidemill: ${description}`,
      env: { ...(account === undefined ? {} : { account }), ...(region === undefined ? {} : { region }) },
      // The CLI checks the bootstrap version from the manifest; the rule would only repeat it as a template parameter.
      // (The cast: the class's optional fields are not declared for exactOptionalPropertyTypes.)
      synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) as IStackSynthesizer,
    };
  };
  const all: AppInputs = { ...inputs, names: new Names(accounts) };
  const governance = new GovernanceStack(app, all, props("governance", "the central catalog"));
  const producer = new ProducerStack(app, all, props("producer", "data products and how files become one"));
  const ml = new MlStack(app, all, props("ml", "lifecycles of the models"));
  const observability = new ObservabilityStack(app, all, props("observability", "alarms and notices"));
  producer.addStackDependency(governance);
  ml.addStackDependency(producer);
  observability.addStackDependency(ml);
  return app;
}

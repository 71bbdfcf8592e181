/** The CDK app: four stacks, one a bounded context, which may share an account or have one each. */
import { App, DefaultStackSynthesizer, type IStackSynthesizer, type StackProps } from "aws-cdk-lib";
import { readAccounts } from "./accounts.ts";
import { Arns } from "./arns.ts";
import { type Context, Names } from "./names.ts";
import { functionSpecs } from "./permissions/functions.ts";
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

const CDK_SETTINGS = {
  // Without stack traces the assembly depends on the inputs alone, not on who synthesizes them from where.
  "aws:cdk:disable-stack-trace": true,
  "aws:cdk:disable-creation-stack-traces": true,
  // Takes most of a synthesis; the tests check the templates with cfn-lint, which knows more.
  "@aws-cdk/core:validateAgainstDefaultRules": false,
};

/** `handlers/` and the app's table of functions name different handlers. */
export class HandlerMismatchError extends Error {
  override readonly name = "HandlerMismatchError";
  readonly code = "HANDLER_MISMATCH";
}

/**
 * Builds the app's construct tree.
 *
 * @returns the app, not yet synthesized
 * @throws AccountError when an account of the context is not an account id
 * @throws {@link HandlerMismatchError} when a handler has no entry in permissions/functions.ts, or an entry no handler
 */
export function buildApp({ outdir, context, inputs }: AppOptions): App {
  const app = new App({
    outdir,
    context: { ...CDK_SETTINGS, ...context },
    analyticsReporting: false,
    treeMetadata: false,
  });
  const accounts = readAccounts((key) => app.node.tryGetContext(key));
  const region: string | undefined = app.node.tryGetContext("region");
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
  refuseMismatch(all);
  const governance = new GovernanceStack(app, all, props("governance", "the central catalog"));
  const producer = new ProducerStack(app, all, props("producer", "data products and how files become one"));
  const ml = new MlStack(app, all, props("ml", "lifecycles of the models"));
  const observability = new ObservabilityStack(app, all, props("observability", "alarms and notices"));
  producer.addStackDependency(governance);
  ml.addStackDependency(producer);
  observability.addStackDependency(ml);
  return app;
}

function refuseMismatch({ handlers, names }: AppInputs): void {
  const declared = Object.keys(functionSpecs(new Arns(names, [], []), names));
  for (const name of handlers.filter((handler) => !declared.includes(handler))) {
    throw new HandlerMismatchError(
      `handlers/${name}: has no entry in infra/permissions/functions.ts; say there what it may do, or remove the folder`,
    );
  }
  for (const name of declared.filter((handler) => !handlers.includes(handler))) {
    throw new HandlerMismatchError(
      `infra/permissions/functions.ts: names ${name}, but there is no handlers/${name}/index.ts; write it, or remove the entry`,
    );
  }
}

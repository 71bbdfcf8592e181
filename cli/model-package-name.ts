/** What a person calls a model package: `credit-risk/1`, the end of its ARN. */

const MODEL_PACKAGE = /^arn:[^:]+:sagemaker:[^:]*:[^:]*:model-package\/(.+)$/;
const SHORT = /^[A-Za-z0-9][A-Za-z0-9-]{0,62}\/[1-9]\d*$/;

/** The ARN of a package named either way; text that is neither is given back, for SageMaker to refuse. */
export function packageArnOf(name: string, { region, accountId }: { region: string; accountId: string }): string {
  return SHORT.test(name) ? `arn:aws:sagemaker:${region}:${accountId}:model-package/${name}` : name;
}

/** `<group>/<version>` of a package's ARN. */
export function shortPackageName(arn: string): string {
  return MODEL_PACKAGE.exec(arn)?.[1] ?? arn;
}

/**
 * A role one AWS service assumes, with every permission written out in one inline policy.
 *
 * Nothing is granted behind the reader's back: constructs that like to extend a role get {@link ServiceRole.sealed}. A
 * resource with a wildcard needs a reason, which is recorded as the acknowledgement of cdk-nag's finding about it.
 */
import { Aws, Stack, Validations } from "aws-cdk-lib";
import { type IRole, PolicyDocument, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";

export type Permission = Readonly<{
  actions: readonly string[];
  resources: readonly string[];
  /** IAM condition block, operator → key → value. */
  conditions?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
  /** Why a resource holds a wildcard; required where one does. */
  wildcard?: string;
}>;

export type ServiceRoleProps = Readonly<{
  /** Service principal, for example `lambda.amazonaws.com`. */
  service: string;
  description: string;
  permissions: readonly Permission[];
}>;

/**
 * Services whose documentation says that they name the account they act for when they assume a role. Lambda and Glue name
 * none: a role that asked them for it could not be assumed.
 */
const NAMES_ITS_ACCOUNT = new Set([
  "events.amazonaws.com",
  "sagemaker.amazonaws.com",
  "scheduler.amazonaws.com",
  "states.amazonaws.com",
]);

/** A permission names a wildcard without saying why. */
export class UnexplainedWildcardError extends Error {
  override readonly name = "UnexplainedWildcardError";
  readonly code = "UNEXPLAINED_WILDCARD";
}

export class ServiceRole extends Construct {
  readonly arn: string;
  /** The role as other constructs may have it: they can use it, not extend it. */
  readonly sealed: IRole;

  /** @throws {@link UnexplainedWildcardError} when a resource has a wildcard and no reason is given */
  constructor(scope: Construct, id: string, props: ServiceRoleProps) {
    super(scope, id);
    const statements = props.permissions.map(
      ({ actions, resources, conditions }) =>
        new PolicyStatement({
          actions: [...actions],
          resources: [...resources],
          ...(conditions === undefined ? {} : { conditions }),
        }),
    );
    const role = new Role(this, "Role", {
      assumedBy: principalOf(props.service),
      description: props.description,
      ...(statements.length === 0 ? {} : { inlinePolicies: { permissions: new PolicyDocument({ statements }) } }),
    });
    for (const permission of props.permissions) this.#acknowledgeWildcards(permission);
    this.arn = role.roleArn;
    // By its ARN, so that nothing can add to it, and CloudFormation orders by the reference alone.
    this.sealed = Role.fromRoleArn(this, "Sealed", role.roleArn, { mutable: false });
  }

  #acknowledgeWildcards({ actions, resources, wildcard }: Permission): void {
    for (const resource of resources.filter((arn) => arn.includes("*"))) {
      if (wildcard === undefined) {
        throw new UnexplainedWildcardError(
          `${this.node.path}: ${actions.join(", ")} on ${flatten(Stack.of(this).resolve(resource))} needs a reason; ` +
            "name the resource, or say in `wildcard` why it cannot be named",
        );
      }
      const finding = `Resource::${flatten(Stack.of(this).resolve(resource))}`;
      Validations.of(this).acknowledge({ id: `AwsSolutions-IAM5[${finding}]`, reason: wildcard });
    }
  }
}

/** The service, on behalf of this account alone where it says so: else another's resource could act with the role. */
function principalOf(service: string): ServicePrincipal {
  if (!NAMES_ITS_ACCOUNT.has(service)) return new ServicePrincipal(service);
  return new ServicePrincipal(service, { conditions: { StringEquals: { "aws:SourceAccount": Aws.ACCOUNT_ID } } });
}

/** A resolved ARN in one line, references as `<Name>`: how cdk-nag names it in a finding. */
function flatten(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if ("Ref" in value) return `<${String(value.Ref)}>`;
  if ("Fn::GetAtt" in value && Array.isArray(value["Fn::GetAtt"])) return `<${value["Fn::GetAtt"].join(".")}>`;
  if ("Fn::Join" in value && Array.isArray(value["Fn::Join"])) {
    const [delimiter, items] = value["Fn::Join"];
    return items.map(flatten).join(delimiter);
  }
  return JSON.stringify(value);
}

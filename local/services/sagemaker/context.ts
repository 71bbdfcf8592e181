/** What the parts of this service share. */
import type { HomePorts } from "../../define-service.ts";
import type { Principal } from "../../principal.ts";
import { validation } from "./errors.ts";
import type { RecordKind, Records } from "./records.ts";
import type { Tags } from "./tags.ts";

export interface Context {
  home: HomePorts;
  records: Records;
  tags: Tags;
  /** Jobs of all kinds that run or are about to, as `<kind>/<name>`. */
  jobs: Set<string>;
}

export function arnOf({ home }: Pick<Context, "home">, kind: RecordKind, name: string): string {
  return `arn:aws:sagemaker:${home.region}:${home.accountId}:${kind}/${name}`;
}

/** iam:PassRole, demanded of whoever hands SageMaker a role. */
export function passRole(roleArn: string | undefined) {
  return {
    action: "iam:PassRole",
    resource: roleArn ?? "*",
    context: { "iam:PassedToService": "sagemaker.amazonaws.com" },
  };
}

/** sagemaker:AddTags, demanded besides the creation itself of whoever creates a resource with tags. */
export function addTags(tags: readonly unknown[] | undefined, resource: string) {
  return tags === undefined || tags.length === 0 ? [] : [{ action: "sagemaker:AddTags", resource }];
}

/** The principal SageMaker acts as with this role. */
export function rolePrincipal(roleArn: string): Principal {
  return { kind: "role", roleArn, sessionName: "SageMaker" };
}

/** @throws ValidationException as AWS answers, when the role does not exist or does not trust SageMaker */
export function assumable({ home }: Pick<Context, "home">, roleArn: string): void {
  const role = home.policies.role(roleArn);
  if (role === undefined || !JSON.stringify(role.trust ?? {}).includes("sagemaker.amazonaws.com")) {
    throw validation(
      `Could not assume role ${roleArn}. Please ensure that the role exists and allows principal 'sagemaker.amazonaws.com' to assume the role.`,
    );
  }
}

export function now({ home }: Pick<Context, "home">): Date {
  return new Date(home.clock.now());
}

/** Roles, their policies and the account's managed policies, in the home's store. */
import { AwsError } from "../../aws-error.ts";
import type { HomePorts, RolePolicies } from "../../define-service.ts";
import { openResourceTags, type ResourceTags } from "../../resource-tags.ts";
import type { Row } from "../../store/index.ts";
import { awsManagedPolicy } from "./aws-managed-policies.ts";

export interface RoleRecord {
  name: string;
  path: string;
  id: string;
  trust: string;
  description: string;
  maxSessionSeconds: number;
  /** ARN of the boundary policy, "" for none. */
  boundary: string;
  createdMs: number;
}

export interface PolicyRecord {
  arn: string;
  name: string;
  path: string;
  id: string;
  document: string;
  description: string;
  createdMs: number;
}

const DDL = `
CREATE TABLE iam_roles (
  name TEXT PRIMARY KEY, path TEXT NOT NULL, id TEXT NOT NULL, trust TEXT NOT NULL, description TEXT NOT NULL,
  max_session_seconds INTEGER NOT NULL, boundary TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT;
CREATE TABLE iam_role_policies (
  role TEXT NOT NULL, name TEXT NOT NULL, document TEXT NOT NULL, PRIMARY KEY (role, name)) STRICT;
CREATE TABLE iam_role_attachments (role TEXT NOT NULL, policy_arn TEXT NOT NULL, PRIMARY KEY (role, policy_arn)) STRICT;
CREATE TABLE iam_policies (
  arn TEXT PRIMARY KEY, name TEXT NOT NULL, path TEXT NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL,
  description TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT;
`;

/** Every write drops the decisions taken under the policies before it. */
export class RoleStore {
  readonly #home: Pick<HomePorts, "store" | "accountId" | "policies">;
  readonly #sql;
  /** Of roles and managed policies, by ARN. */
  readonly tags: ResourceTags;

  constructor(home: Pick<HomePorts, "store" | "accountId" | "policies">) {
    this.#home = home;
    const { store } = home;
    store.migrate("iam", [DDL]);
    this.tags = openResourceTags(store, { code: "LimitExceeded" });
    this.#sql = {
      role: store.prepare("SELECT * FROM iam_roles WHERE name = ?"),
      roles: store.prepare("SELECT * FROM iam_roles ORDER BY name"),
      putRole: store.prepare("INSERT OR REPLACE INTO iam_roles VALUES (?, ?, ?, ?, ?, ?, ?, ?)"),
      dropRole: store.prepare("DELETE FROM iam_roles WHERE name = ?"),
      inline: store.prepare("SELECT name, document FROM iam_role_policies WHERE role = ? ORDER BY name"),
      putInline: store.prepare("INSERT OR REPLACE INTO iam_role_policies VALUES (?, ?, ?)"),
      dropInline: store.prepare("DELETE FROM iam_role_policies WHERE role = ? AND name = ?"),
      attached: store.prepare("SELECT policy_arn FROM iam_role_attachments WHERE role = ? ORDER BY policy_arn"),
      attach: store.prepare("INSERT OR REPLACE INTO iam_role_attachments VALUES (?, ?)"),
      detach: store.prepare("DELETE FROM iam_role_attachments WHERE role = ? AND policy_arn = ?"),
      policy: store.prepare("SELECT * FROM iam_policies WHERE arn = ?"),
      policies: store.prepare("SELECT * FROM iam_policies ORDER BY arn"),
      putPolicy: store.prepare("INSERT OR REPLACE INTO iam_policies VALUES (?, ?, ?, ?, ?, ?, ?)"),
      dropPolicy: store.prepare("DELETE FROM iam_policies WHERE arn = ?"),
    };
  }

  find(name: string): RoleRecord | undefined {
    const row = this.#sql.role.get(name);
    return row && toRole(row);
  }

  /** @throws AwsError NoSuchEntity */
  role(name: string): RoleRecord {
    const role = this.find(name);
    if (role) return role;
    throw noSuchEntity(`The role with name ${name} cannot be found.`);
  }

  roles(): RoleRecord[] {
    return this.#sql.roles.all().map(toRole);
  }

  putRole(role: RoleRecord): void {
    const { name, path, id, trust, description, maxSessionSeconds, boundary, createdMs } = role;
    this.#sql.putRole.run(name, path, id, trust, description, maxSessionSeconds, boundary, createdMs);
    this.#home.policies.invalidate();
  }

  /** The role with everything that hangs on it. */
  dropRole(name: string): void {
    const role = this.find(name);
    this.#home.store.transaction(() => {
      if (role !== undefined) this.tags.replace(this.roleArn(role), []);
      for (const policy of this.inlinePolicies(name)) this.#sql.dropInline.run(name, policy.name);
      for (const arn of this.attachedPolicies(name)) this.#sql.detach.run(name, arn);
      this.#sql.dropRole.run(name);
    });
    this.#home.policies.invalidate();
  }

  inlinePolicies(role: string): { name: string; document: string }[] {
    return this.#sql.inline.all(role).map((row) => ({ name: String(row.name), document: String(row.document) }));
  }

  putInlinePolicy(role: string, name: string, document: string): void {
    this.#sql.putInline.run(role, name, document);
    this.#home.policies.invalidate();
  }

  dropInlinePolicy(role: string, name: string): boolean {
    const dropped = this.#sql.dropInline.run(role, name) > 0;
    this.#home.policies.invalidate();
    return dropped;
  }

  attachedPolicies(role: string): string[] {
    return this.#sql.attached.all(role).map((row) => String(row.policy_arn));
  }

  /** @throws AwsError NoSuchEntity when there is no such policy. */
  attach(role: string, policyArn: string): void {
    this.policy(policyArn);
    this.#sql.attach.run(role, policyArn);
    this.#home.policies.invalidate();
  }

  detach(role: string, policyArn: string): boolean {
    const detached = this.#sql.detach.run(role, policyArn) > 0;
    this.#home.policies.invalidate();
    return detached;
  }

  findPolicy(arn: string): PolicyRecord | undefined {
    const row = this.#sql.policy.get(arn);
    return row ? toPolicy(row) : awsManagedPolicy(arn);
  }

  /** A policy of the account or of AWS. @throws AwsError NoSuchEntity */
  policy(arn: string): PolicyRecord {
    const policy = this.findPolicy(arn);
    if (policy) return policy;
    const hint = arn.startsWith("arn:aws:iam::aws:")
      ? " in this home, which embeds a few of AWS's managed policies"
      : "";
    throw noSuchEntity(`Policy ${arn} does not exist or is not attachable${hint}.`);
  }

  policies(): PolicyRecord[] {
    return this.#sql.policies.all().map(toPolicy);
  }

  putPolicy({ arn, name, path, id, document, description, createdMs }: PolicyRecord): void {
    this.#sql.putPolicy.run(arn, name, path, id, document, description, createdMs);
    this.#home.policies.invalidate();
  }

  dropPolicy(arn: string): void {
    this.#sql.dropPolicy.run(arn);
    this.tags.replace(arn, []);
    this.#home.policies.invalidate();
  }

  roleArn({ path, name }: Pick<RoleRecord, "path" | "name">): string {
    return `arn:aws:iam::${this.#home.accountId}:role${path}${name}`;
  }

  /** What the decision asks: every policy of the role with this ARN. */
  rolePolicies(roleArn: string): RolePolicies | undefined {
    const role = this.find(roleArn.slice(roleArn.lastIndexOf("/") + 1));
    if (!role || this.roleArn(role) !== roleArn) return undefined;
    const inline = this.inlinePolicies(role.name).map(({ name, document }) => ({
      name,
      document: JSON.parse(document),
    }));
    const attached = this.attachedPolicies(role.name).flatMap((arn) => {
      const policy = this.findPolicy(arn);
      return policy ? [{ name: policy.name, document: JSON.parse(policy.document) }] : [];
    });
    const boundary = role.boundary === "" ? undefined : this.findPolicy(role.boundary);
    return {
      roleArn,
      policies: [...inline, ...attached],
      trust: JSON.parse(role.trust),
      ...(boundary ? { permissionsBoundary: JSON.parse(boundary.document) } : {}),
    };
  }
}

export const noSuchEntity = (message: string) => new AwsError("NoSuchEntity", message, { status: 404 });

const toRole = (row: Row): RoleRecord => ({
  name: String(row.name),
  path: String(row.path),
  id: String(row.id),
  trust: String(row.trust),
  description: String(row.description),
  maxSessionSeconds: Number(row.max_session_seconds),
  boundary: String(row.boundary),
  createdMs: Number(row.created_ms),
});

const toPolicy = (row: Row): PolicyRecord => ({
  arn: String(row.arn),
  name: String(row.name),
  path: String(row.path),
  id: String(row.id),
  document: String(row.document),
  description: String(row.description),
  createdMs: Number(row.created_ms),
});

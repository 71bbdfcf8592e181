/** Every permission of every role of the app is needed: without it the call is denied, naming action, resource and role. */
import { join } from "node:path";
import {
  DeleteRolePolicyCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListRolePoliciesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { applyAssembly } from "../../local/assembly/index.ts";
import { type Home, openHome } from "../../local/home.ts";
import { testAssembly } from "../infra/assembly.ts";
import { temporaryFolder } from "../temporary-folder.ts";
import { tidemill, type Up, up } from "./command.ts";
import { SAMPLE } from "./credit-data.ts";

const list = z
  .union([z.string(), z.array(z.string())])
  .transform((value) => (typeof value === "string" ? [value] : value));
const Statement = z.looseObject({
  Effect: z.string(),
  Action: list,
  Resource: list,
  Condition: z.record(z.string(), z.record(z.string(), list)).optional(),
});
const Document = z.looseObject({ Statement: z.array(Statement) });

interface Policy {
  role: string;
  name: string;
  document: z.infer<typeof Document>;
}

async function policiesOf(iam: IAMClient): Promise<Policy[]> {
  const { Roles = [] } = await iam.send(new ListRolesCommand({ MaxItems: 1000 }));
  const found: Policy[] = [];
  for (const { RoleName = "" } of Roles) {
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
    for (const PolicyName of PolicyNames) {
      const { PolicyDocument = "" } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      found.push({
        role: RoleName,
        name: PolicyName,
        document: Document.parse(JSON.parse(decodeURIComponent(PolicyDocument))),
      });
    }
  }
  return found;
}

const without = (document: Policy["document"], action: string) => ({
  ...document,
  Statement: document.Statement.map((statement) => ({
    ...statement,
    Action: statement.Action.filter((one) => one !== action),
  })).filter(({ Action }) => Action.length > 0),
});

describe("the roles' permissions, one by one", () => {
  let directory: string;
  let home: Home;
  let iam: IAMClient;
  beforeAll(async () => {
    directory = temporaryFolder("permissions");
    home = await openHome({ directory });
    await applyAssembly({ directory: await testAssembly(), home: home.ports, resourceTypes: home.resourceTypes });
    iam = new IAMClient(home.clientConfig());
  });
  afterAll(() => home.close());

  it("denies what a role may do once the permission is taken out, and names action, resource and role", async () => {
    const policies = await policiesOf(iam);
    const roles = new Set(policies.map(({ role }) => role));
    expect(roles.size).toBeGreaterThanOrEqual(20);
    const taken = new Set<string>();
    for (const { role, name, document } of policies) {
      const principal = {
        kind: "role" as const,
        roleArn: `arn:aws:iam::${home.accountId}:role/${role}`,
        sessionName: "test",
      };
      for (const { Action, Resource, Condition, Effect } of document.Statement) {
        if (Effect !== "Allow") continue;
        const resource = Resource[0] === "*" ? "*" : (Resource[0] ?? "").replaceAll("*", "x");
        const keys = Object.values(Condition ?? {}).flatMap((operator) => Object.entries(operator));
        const context = Object.fromEntries(keys.map(([key, values]) => [key, values[0] ?? ""]));
        for (const action of Action) {
          const wanted = { action, resource, context };
          home.ports.authorize(principal, wanted);
          const less = without(document, action);
          const where = { RoleName: role, PolicyName: name };
          if (less.Statement.length === 0) await iam.send(new DeleteRolePolicyCommand(where));
          else await iam.send(new PutRolePolicyCommand({ ...where, PolicyDocument: JSON.stringify(less) }));
          const message = denial(() => home.ports.authorize(principal, wanted));
          for (const named of [role, action, resource]) expect(message, `${role} without ${action}`).toContain(named);
          taken.add(`${role} ${action}`);
        }
        await iam.send(
          new PutRolePolicyCommand({ RoleName: role, PolicyName: name, PolicyDocument: JSON.stringify(document) }),
        );
      }
    }
    expect(new Set([...taken].map((one) => one.split(" ")[0]))).toEqual(roles);
  });
});

/** What a refused call says. */
function denial(call: () => void): string {
  try {
    call();
  } catch (thrown) {
    expect(thrown).toMatchObject({ code: "AccessDeniedException" });
    return thrown instanceof Error ? thrown.message : "";
  }
  return "allowed";
}

describe("a run whose role lacks a permission", { timeout: 300_000 }, () => {
  let folder: string;
  let running: Up;
  beforeAll(() => {
    folder = temporaryFolder("denied");
  });
  afterAll(() => running?.stop());

  it.each([
    { what: "a job", role: "ProcessingAccess", action: "athena:StartQueryExecution" },
    { what: "a workflow", role: "DataProductUpdateAccess", action: "dynamodb:UpdateItem" },
    { what: "a handler", role: "KeepVersionAccess", action: "glue:CreateTable" },
    { what: "the crawler", role: "CrawlerAccess", action: "s3:GetObject" },
  ])("fails at $what without $action, and says so", async ({ role, action }) => {
    const home = join(folder, action.replace(":", "-"));
    running = await up(home);
    const env = (await tidemill(home, "env")).json as Record<string, string>;
    const credentials = { accessKeyId: env.AWS_ACCESS_KEY_ID ?? "", secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? "" };
    const iam = new IAMClient({ endpoint: running.endpoint, region: running.region, credentials });
    const policy = (await policiesOf(iam)).find(
      (one) => one.role.includes(role) && JSON.stringify(one.document).includes(`"${action}"`),
    );
    if (policy === undefined) throw new Error(`no role like ${role} may ${action}`);
    const PolicyDocument = JSON.stringify(without(policy.document, action));
    await iam.send(new PutRolePolicyCommand({ RoleName: policy.role, PolicyName: policy.name, PolicyDocument }));
    const published = await tidemill(home, "publish", "credit-card", SAMPLE);
    expect(published.code).toBe(1);
    expect(published.stderr).toContain("is not authorized to perform");
    expect(published.stderr).toContain(action);
    expect(published.stderr).toContain(policy.role);
    await running.stop();
  });
});

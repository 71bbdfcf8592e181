import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { readAccounts } from "../../infra/accounts.ts";
import {
  allResources,
  assemblyOf,
  FOUR_ACCOUNTS,
  type Resource,
  resourcesIn,
  STACKS,
  THREE_ACCOUNTS,
} from "./assembly.ts";

const PRODUCT_BUCKET = "credit-card-111111111111-";
let three: Resource[];
let four: Resource[];
let directory: string;
beforeAll(async () => {
  directory = await assemblyOf(THREE_ACCOUNTS);
  three = resourcesIn(directory);
  four = resourcesIn(await assemblyOf(FOUR_ACCOUNTS));
});

const of = (resources: readonly Resource[], type: string, stack?: string) =>
  resources.filter((one) => one.Type === type && (stack === undefined || one.stack === `tidemill-${stack}`));
const text = (value: unknown) => JSON.stringify(value) ?? "";

/** The beginnings of role names that a policy lets in, such as `tidemill-ml-TrainModelAccess`. */
const letIn = (value: unknown) =>
  [...new Set(Array.from(text(value).matchAll(/:role\/([\w-]+)\*/g), ([, name]) => name ?? ""))].sort();

/** Roles of a stack whose own policies say something, by the beginning of the name CloudFormation gives them. */
const rolesThatMay = (resources: readonly Resource[], stack: string, what: string) =>
  of(resources, "AWS::IAM::Role", stack)
    .filter(({ Properties }) => text(Properties.Policies).includes(what))
    .map(({ id }) => `tidemill-${stack}-${id.replace(/Role[0-9A-F]{8}$/, "")}`)
    .sort();

describe("accounts of the CDK context", () => {
  it("are none by default, and the one named where one is", () => {
    expect(readAccounts(() => undefined)).toEqual({});
    const one = "222222222222";
    expect(readAccounts((key) => (key === "mlAccount" ? one : undefined))).toEqual({
      producer: one,
      governance: one,
      ml: one,
      observability: one,
    });
  });

  it("put the catalog with the producer and the alarms with the models, where these are not named", () => {
    const { producerAccount, mlAccount } = THREE_ACCOUNTS;
    const named: Record<string, string> = { producerAccount, mlAccount };
    const { governance, observability } = readAccounts((key) => named[key]);
    expect([governance, observability]).toEqual([producerAccount, mlAccount]);
  });

  it("are refused where they are no account ids", () => {
    const read = () => readAccounts((key) => (key === "mlAccount" ? "prod" : undefined));
    expect(read).toThrow("-c mlAccount=prod: expected an account id of twelve digits");
  });
});

describe("the app in one account", () => {
  it("has nothing that opens an account to another", async () => {
    const opening = ["AWS::Events::EventBusPolicy", "AWS::Athena::DataCatalog"];
    expect((await allResources()).filter(({ Type }) => opening.includes(Type))).toEqual([]);
  });
});

describe("the app in accounts of its contexts", () => {
  it("imports nothing from stack to stack", () => {
    for (const stack of STACKS) {
      const template = readFileSync(join(directory, `${stack}.template.json`), "utf8");
      expect(template, stack).not.toMatch(/Fn::ImportValue|"Export"/);
    }
  });

  it("lets those of the ML account's roles read a product that read one, the catalog's crawler, and nobody else", () => {
    const policy = of(three, "AWS::S3::BucketPolicy", "producer").find(({ id }) => id.startsWith("CreditCardProduct"));
    const readers = [
      ...rolesThatMay(three, "ml", PRODUCT_BUCKET),
      ...rolesThatMay(three, "governance", PRODUCT_BUCKET),
    ];
    expect(readers.length).toBe(5);
    expect(letIn(policy)).toEqual(readers.sort());
    const allowed = Object(policy?.Properties.PolicyDocument).Statement.filter(
      ({ Effect }: { Effect: string }) => Effect === "Allow",
    );
    const actions = allowed.flatMap(({ Action }: { Action: string | string[] }) => Action);
    expect([...new Set(actions)].sort()).toEqual(["s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket"]);
    for (const statement of allowed) expect(Object.keys(statement.Condition.ArnLike)).toEqual(["aws:PrincipalArn"]);
  });

  it("leaves nothing of the ML account's in what the producer's function needs", () => {
    const [curate] = of(three, "AWS::IAM::Role", "producer").filter(({ id }) => id.startsWith("CurateProduct"));
    expect(text(curate)).toContain(":ssm:");
    expect(text(curate)).not.toContain(THREE_ACCOUNTS.mlAccount);
    const [settings] = of(three, "AWS::SSM::Parameter", "producer");
    expect(text(settings?.Properties.Value)).toContain("s3://cdk-hnb659fds-assets-111111111111-eu-central-1/products/");
  });

  it("forwards each event that a rule of the ML account waits for from another", () => {
    const forwarded = ["producer", "governance"].flatMap((stack) => of(three, "AWS::Events::Rule", stack));
    const awaited = of(three, "AWS::Events::Rule", "ml").filter(({ Properties }) =>
      /aws\.(s3|glue|lakeformation)"/.test(text(Properties.EventPattern)),
    );
    const patterns = (rules: Resource[]) => rules.map(({ Properties }) => text(Properties.EventPattern)).sort();
    expect(patterns(forwarded)).toEqual(patterns(awaited));
    for (const { Properties, id } of forwarded) {
      const [target] = Object(Properties.Targets);
      expect(text(target.Arn), id).toContain(":222222222222:event-bus/default");
      expect(target, id).toMatchObject({ RoleArn: expect.anything(), DeadLetterConfig: { Arn: expect.anything() } });
    }
  });

  it("opens the bus to the forwarding roles alone", () => {
    const policies = of(three, "AWS::Events::EventBusPolicy");
    expect(policies.map(({ stack }) => stack)).toEqual(["tidemill-ml", "tidemill-ml"]);
    const forwarding = ["producer", "governance"].flatMap((stack) => rolesThatMay(three, stack, "events:PutEvents"));
    expect(policies.flatMap(letIn).sort()).toEqual(forwarding.sort());
    for (const { Properties } of policies) expect(Object(Properties.Statement).Action).toBe("events:PutEvents");
  });

  it("crawls in the catalog's account, by a role that the functions which start crawls may assume", () => {
    expect(of(three, "AWS::Glue::Crawler").map(({ stack }) => stack)).toEqual(["tidemill-governance"]);
    const [control] = of(three, "AWS::IAM::Role", "governance").filter(({ id }) => id.startsWith("CrawlerControl"));
    expect(text(control?.Properties.RoleName)).toContain("tidemill-crawler-control-");
    expect(letIn(control?.Properties.AssumeRolePolicyDocument)).toEqual(rolesThatMay(three, "ml", "sts:AssumeRole"));
    const told = of(three, "AWS::Lambda::Function", "ml").filter(({ Properties }) =>
      text(Properties.Environment).includes("role/tidemill-crawler-control-"),
    );
    expect(told.map(({ Properties }) => Properties.FunctionName).sort()).toEqual([
      "tidemill-complete-task",
      "tidemill-crawl-product",
    ]);
  });

  it("reads the catalog's account by a name that Athena and the jobs' role agree on, and keeps versions from it in its own", () => {
    const [catalog] = of(three, "AWS::Athena::DataCatalog", "ml");
    expect(catalog?.Properties).toMatchObject({
      Name: "tidemill-products",
      Type: "GLUE",
      Parameters: { "catalog-id": "333333333333" },
    });
    expect(rolesThatMay(three, "ml", "datacatalog/tidemill-products")).toEqual(["tidemill-ml-ProcessingAccess"]);
    const keeping = of(three, "AWS::Lambda::Function", "ml").find(
      ({ Properties }) => Properties.FunctionName === "tidemill-keep-version",
    );
    expect(Object(keeping?.Properties.Environment).Variables).toMatchObject({ CATALOG_ID: "333333333333" });
    const writing = of(three, "AWS::IAM::Role", "ml").filter(({ Properties }) =>
      /glue:(Create|Delete)/.test(text(Properties)),
    );
    expect(writing.map(({ id }) => id.replace(/Role[0-9A-F]{8}$/, "")).sort()).toEqual([
      "DataProductUpdateAccess",
      "KeepVersionAccess",
    ]);
    for (const { Properties } of writing)
      for (const { Action, Resource } of Object(Properties.Policies)[0].PolicyDocument.Statement)
        if (/glue:(Create|Delete)/.test(text(Action)))
          expect(text(Resource)).toMatch(/:222222222222:database\/tidemill-credit-card-\*/);
    const output = JSON.parse(readFileSync(join(directory, "tidemill-governance.template.json"), "utf8")).Outputs;
    expect(text(output.CatalogPolicy.Value)).toContain(":iam::222222222222:root");
  });

  it("watches and tells of the ML account from one of its own", () => {
    const alarms = of(four, "AWS::CloudWatch::Alarm");
    const watching = (account: string) =>
      alarms.filter(({ Properties }) => text(Properties.Metrics).includes(account)).length;
    expect([watching("222222222222"), watching("111111111111"), watching("333333333333")]).toEqual([11, 1, 1]);
    const [entrance] = of(four, "AWS::Events::EventBusPolicy", "observability");
    expect(letIn(entrance)).toEqual(rolesThatMay(four, "ml", "444444444444:event-bus/default").slice(0, 1));
  });
});

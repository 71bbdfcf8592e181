/**
 * The role by which the ML account's functions start crawlers of another account.
 *
 * Glue's resource policies cover the catalog, not its crawlers, so a caller from outside needs a role inside.
 */
import { AccountPrincipal, PolicyDocument, PolicyStatement, Role } from "aws-cdk-lib/aws-iam";
import { Construct } from "constructs";
import { type Names, stackName } from "../names.ts";
import { onlyRoles } from "../permissions/product-readers.ts";

/** Construct ids of the roles of the ML stack's functions that start crawls. */
const CRAWL_STARTERS = ["CrawlProductAccess", "CompleteTaskAccess"] as const;

export class CrawlerControl extends Construct {
  constructor(scope: Construct, id: string, names: Names, crawlers: readonly string[]) {
    super(scope, id);
    const account = names.account("ml");
    const statement = new PolicyStatement({
      actions: ["glue:StartCrawler", "glue:GetCrawler"],
      resources: [...crawlers],
    });
    new Role(this, "Role", {
      roleName: names.crawlerControlRole(),
      description: "The ML account's functions start crawlers and ask how they are",
      assumedBy: new AccountPrincipal(account).withConditions(
        onlyRoles({ account, stack: stackName("ml"), ids: CRAWL_STARTERS }),
      ),
      inlinePolicies: { permissions: new PolicyDocument({ statements: [statement] }) },
    });
  }
}

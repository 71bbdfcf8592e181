/**
 * Physical names. Every stack derives another's names from here instead of importing them, so that the stacks stay free
 * of cross-stack exports and may live in accounts of their own.
 */
import { Aws } from "aws-cdk-lib";

/** One stack each; each may have an account of its own. */
export type Context = "producer" | "governance" | "ml" | "observability";
/** Account ids by bounded context; a context left out shares the account it is deployed with. */
export type Accounts = Readonly<Partial<Record<Context, string>>>;

/** DynamoDB table of the lifecycles: claims on data versions, and task tokens that wait for something outside. */
export const LIFECYCLE_TABLE = "tidemill-lifecycle";
/** Folder of the Athena bucket for the rows of the versions that lifecycles read. */
export const VERSIONS_FOLDER = "versions";
/** Athena workgroup of the lifecycles' queries. */
export const WORKGROUP = "consumer-workgroup";
/** EventBridge Scheduler's group of the models' schedules. */
export const SCHEDULE_GROUP = "tidemill";
/** Path of the products' settings in Parameter Store, one parameter a product. */
export const PRODUCT_PARAMETERS = "/tidemill/products";
/** Path of the models' settings in Parameter Store, one parameter a model. */
export const MODEL_PARAMETERS = "/tidemill/models";
/** SNS topic of what a person is told. */
export const ALARM_TOPIC = "tidemill-alarms";
/** Queue of the events that the ML account's rules could not deliver. */
export const UNDELIVERED_QUEUE = "tidemill-undelivered-events";

/** CDK's bootstrap qualifier, part of the assets bucket's name. */
const QUALIFIER = "hnb659fds";

/** The names that need an account or a region, in one app. */
export class Names {
  readonly #accounts: Accounts;

  constructor(accounts: Accounts) {
    this.#accounts = accounts;
  }

  /** The context's account id, or a token for that of the stack that asks. */
  account(context: Context): string {
    return this.#accounts[context] ?? Aws.ACCOUNT_ID;
  }

  landingBucket(): string {
    return `tidemill-landing-${this.account("producer")}-${Aws.REGION}`;
  }

  productBucket(product: string): string {
    return `${product}-${this.account("producer")}-${Aws.REGION}`;
  }

  artifactsBucket(): string {
    return `tidemill-artifacts-${this.account("ml")}-${Aws.REGION}`;
  }

  athenaBucket(): string {
    return `${this.account("ml")}-${Aws.REGION}-athena-logs`;
  }

  /** The bucket `cdk bootstrap` makes in the account of this context. */
  assetsBucket(context: Context): string {
    return `cdk-${QUALIFIER}-assets-${this.account(context)}-${Aws.REGION}`;
  }

  /** Whether two contexts lie in one account: nothing needs to be let in then. */
  share(one: Context, other: Context): boolean {
    return this.#accounts[one] === this.#accounts[other];
  }

  /** What Athena calls the catalog of the products: its own account's has a fixed name. */
  athenaCatalog(): string {
    return this.share("ml", "governance") ? "AwsDataCatalog" : "tidemill-products";
  }

  /** Of the account with the crawlers, for who starts them from outside. */
  crawlerControlRole(): string {
    return `tidemill-crawler-control-${Aws.REGION}`;
  }

  /** What the databases of a product's kept versions begin with; keep-version ends them with the version. */
  versionDatabases(product: string): string {
    return `tidemill-${product}-`;
  }

  crawler(product: string): string {
    return `${product}-crawler`;
  }
}

/** Also the physical name, which other contexts' policies name. */
export function stackName(context: Context): string {
  return `tidemill-${context}`;
}

/** Matches the ARN of a role that CloudFormation named: `<stack>-<logical id>-<random>`. */
export function roleArnPattern(account: string, prefix: string): string {
  return `arn:${Aws.PARTITION}:iam::${account}:role/${prefix}*`;
}

/** The queue of events that the forwarding rules of a context could not deliver. */
export function notForwardedQueue(context: Context): string {
  return `tidemill-${context}-not-forwarded`;
}

/** @param handler name of its folder in `handlers/` */
export function functionName(handler: string): string {
  return `tidemill-${handler}`;
}

/** `arn:<partition>:s3:::<bucket>[/<key>]`. */
export function s3Arn(bucket: string, key?: string): string {
  return `arn:${Aws.PARTITION}:s3:::${bucket}${key === undefined ? "" : `/${key}`}`;
}

/** An ARN in the stack's region, in the given account. */
export function arnFor(service: string, resource: string, account: string): string {
  return `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${account}:${resource}`;
}

/** The ARNs permissions are given on, as one bounded context sees them. */
import { Aws } from "aws-cdk-lib";
import {
  arnFor,
  type Context,
  functionName,
  LIFECYCLE_TABLE,
  MODEL_PARAMETERS,
  type Names,
  PRODUCT_PARAMETERS,
  s3Arn,
  VERSIONS_FOLDER,
  WORKGROUP,
} from "./names.ts";
import type { Product } from "./products.ts";

/** The ARNs of one app; without an account named they lie in the stack's own. */
export class Arns {
  readonly #names: Names;
  readonly #products: readonly Product[];
  readonly #models: readonly string[];

  constructor(names: Names, products: readonly Product[], models: readonly string[]) {
    this.#names = names;
    this.#products = products;
    this.#models = models;
  }

  get table(): string {
    return this.#ml("dynamodb", `table/${LIFECYCLE_TABLE}`);
  }

  get productBuckets(): string[] {
    return this.#products.map(({ name }) => s3Arn(this.#names.productBucket(name)));
  }

  /** The objects of the products' tables. */
  get productObjects(): string[] {
    return this.#products.map(({ name, table }) => s3Arn(this.#names.productBucket(name), `${table}/*`));
  }

  get landingBucket(): string {
    return s3Arn(this.#names.landingBucket());
  }

  /** @param prefix a folder of the landing bucket: `incoming`, `quarantine` */
  landingObjects(prefix: string): string {
    return s3Arn(this.#names.landingBucket(), `${prefix}/*`);
  }

  get artifactsBucket(): string {
    return s3Arn(this.#names.artifactsBucket());
  }

  /** Everything a lifecycle leaves behind: runs, baselines, drift reports. */
  get artifacts(): string {
    return s3Arn(this.#names.artifactsBucket(), "models/*");
  }

  get athenaBucket(): string {
    return s3Arn(this.#names.athenaBucket());
  }

  get athenaObjects(): string {
    return s3Arn(this.#names.athenaBucket(), "*");
  }

  get modelAssetsBucket(): string {
    return s3Arn(this.#names.assetsBucket("ml"));
  }

  /** The models' code, curation and queries in CDK's assets bucket; no other asset. */
  get modelAssets(): string {
    return s3Arn(this.#names.assetsBucket("ml"), "models/*");
  }

  /** The curation of a product, in the assets of the producer's account: the models' own where they share one. */
  get curationAssets(): string {
    const folder = this.#names.share("producer", "ml") ? "models" : "products";
    return s3Arn(this.#names.assetsBucket("producer"), `${folder}/*`);
  }

  /** The products' settings as the producer reads them. */
  get producerParameters(): string[] {
    return this.#products.map(({ name }) => this.#of("ssm", `parameter${PRODUCT_PARAMETERS}/${name}`, "producer"));
  }

  get productParameters(): string[] {
    return this.#products.map(({ name }) => this.#ml("ssm", `parameter${PRODUCT_PARAMETERS}/${name}`));
  }

  /** The path itself, which listing by path is authorised on. */
  get productParametersPath(): string {
    return this.#ml("ssm", `parameter${PRODUCT_PARAMETERS}`);
  }

  get modelParameters(): string[] {
    return this.#models.map((name) => this.#ml("ssm", `parameter${MODEL_PARAMETERS}/${name}`));
  }

  get crawlers(): string[] {
    return this.#products.map(({ name }) => this.#of("glue", `crawler/${this.#names.crawler(name)}`, "governance"));
  }

  /** The role that starts the crawlers from another account; undefined where none is needed. */
  get crawlerControl(): string | undefined {
    if (this.#names.share("ml", "governance")) return undefined;
    const account = this.#names.account("governance");
    return `arn:${Aws.PARTITION}:iam::${account}:role/${this.#names.crawlerControlRole()}`;
  }

  /** The catalog and the products' databases and tables, as Glue authorises a read: each level on its own. */
  get catalog(): string[] {
    const each = this.#products.flatMap(({ name, table }) => [`database/${name}`, `table/${name}/${table}`]);
    return ["catalog", ...each].map((resource) => this.#of("glue", resource, "governance"));
  }

  /** The ML account's own catalog, with the databases of kept versions in it, as Glue authorises what becomes of their tables. */
  get versionCatalog(): string[] {
    const each = this.#products.flatMap(({ name, table }) => {
      const database = `${this.#names.versionDatabases(name)}*`;
      return [`database/${database}`, `table/${database}/${table}`];
    });
    return ["catalog", ...each].map((resource) => this.#ml("glue", resource));
  }

  /** Such a database with all that may be in it, as Glue authorises its end. */
  get versionDatabases(): string[] {
    const each = this.#products.flatMap(({ name }) => {
      const database = `${this.#names.versionDatabases(name)}*`;
      return [`database/${database}`, `table/${database}/*`, `userDefinedFunction/${database}/*`];
    });
    return ["catalog", ...each].map((resource) => this.#ml("glue", resource));
  }

  get versionObjects(): string {
    return s3Arn(this.#names.athenaBucket(), `${VERSIONS_FOLDER}/*`);
  }

  get ownDataCatalog(): string {
    return this.#ml("athena", "datacatalog/AwsDataCatalog");
  }

  get workgroup(): string {
    return this.#ml("athena", `workgroup/${WORKGROUP}`);
  }

  /** The products' catalog, as Athena calls it. */
  get dataCatalog(): string {
    return this.#ml("athena", `datacatalog/${this.#names.athenaCatalog()}`);
  }

  get endpoints(): string[] {
    return this.#models.map((name) => this.#ml("sagemaker", `endpoint/${name}`));
  }

  get endpointConfigs(): string[] {
    return this.#models.map((name) => this.#ml("sagemaker", `endpoint-config/${name}-*`));
  }

  get servedModels(): string[] {
    return this.#models.map((name) => this.#ml("sagemaker", `model/${name}-*`));
  }

  get packageGroups(): string[] {
    return this.#models.map((name) => this.#ml("sagemaker", `model-package-group/${name}`));
  }

  get packages(): string[] {
    return this.#models.map((name) => this.#ml("sagemaker", `model-package/${name}/*`));
  }

  /** Lifecycles name their jobs by model: `<model>-<run>`. */
  jobs(kind: "processing-job" | "training-job"): string[] {
    return this.#models.map((name) => this.#ml("sagemaker", `${kind}/${name}-*`));
  }

  stateMachine(name: string): string {
    return this.#ml("states", `stateMachine:${name}`);
  }

  /** Every execution of the state machine. */
  executions(name: string): string {
    return this.#ml("states", `execution:${name}:*`);
  }

  handler(name: string): string {
    return this.#ml("lambda", `function:${functionName(name)}`);
  }

  get defaultBus(): string {
    return this.#ml("events", "event-bus/default");
  }

  /** The default bus of the account that is told of models and failures. */
  get noticesBus(): string {
    return this.#of("events", "event-bus/default", "observability");
  }

  /** A rule Step Functions manages to hear of the end of a `.sync` task. */
  managedRule(name: string): string {
    return this.#ml("events", `rule/${name}`);
  }

  logStreams(logGroup: string): string {
    return `arn:${Aws.PARTITION}:logs:${Aws.REGION}:${Aws.ACCOUNT_ID}:log-group:${logGroup}:*`;
  }

  #ml(service: string, resource: string): string {
    return this.#of(service, resource, "ml");
  }

  #of(service: string, resource: string, context: Context): string {
    return arnFor(service, resource, this.#names.account(context));
  }
}

/**
 * The SageMaker framework containers a model may run in, and where each region keeps them.
 *
 * Accounts and tags: the registry paths SageMaker publishes for XGBoost and scikit-learn
 * (https://docs.aws.amazon.com/sagemaker/latest/dg/ecr-us-east-1.html and its siblings). Both share one account a region;
 * XGBoost is tagged by its bare version since 1.2-1, scikit-learn by `<version>-cpu-py3`.
 */
export type Framework = Readonly<{
  name: "xgboost" | "sklearn";
  version: string;
  /** ECR repository that holds the image. */
  repository: string;
  tag: string;
}>;

const XGBOOST_VERSIONS = ["1.7-1", "3.0-5", "3.2-0"] as const;
const SKLEARN_VERSIONS = ["1.2-1", "1.4-2"] as const;
export type XGBoostVersion = (typeof XGBOOST_VERSIONS)[number];
export type SklearnVersion = (typeof SKLEARN_VERSIONS)[number];

/** SageMaker publishes no such container. Final: the message names those there are. */
export class UnknownFrameworkError extends Error {
  override readonly name = "UnknownFrameworkError";
  readonly code = "UNKNOWN_FRAMEWORK";
}

/** Which account holds the XGBoost and scikit-learn images in each region. */
export const REGISTRY_ACCOUNTS: Readonly<Record<string, string>> = {
  "af-south-1": "510948584623",
  "ap-east-1": "651117190479",
  "ap-northeast-1": "354813040037",
  "ap-northeast-2": "366743142698",
  "ap-northeast-3": "867004704886",
  "ap-south-1": "720646828776",
  "ap-south-2": "628508329040",
  "ap-southeast-1": "121021644041",
  "ap-southeast-2": "783357654285",
  "ap-southeast-3": "951798379941",
  "ap-southeast-4": "106583098589",
  "ca-central-1": "341280168497",
  "ca-west-1": "190319476487",
  "eu-central-1": "492215442770",
  "eu-central-2": "680994064768",
  "eu-north-1": "662702820516",
  "eu-south-1": "978288397137",
  "eu-south-2": "104374241257",
  "eu-west-1": "141502667606",
  "eu-west-2": "764974769150",
  "eu-west-3": "659782779980",
  "il-central-1": "898809789911",
  "me-central-1": "272398656194",
  "me-south-1": "801668240914",
  "sa-east-1": "737474898029",
  "us-east-1": "683313688378",
  "us-east-2": "257758044811",
  "us-gov-east-1": "237065988967",
  "us-gov-west-1": "414596584902",
  "us-west-1": "746614075791",
  "us-west-2": "246618743249",
};

/** SageMaker's XGBoost container of this version, for script mode. @throws {@link UnknownFrameworkError} */
export function xgboost(version: XGBoostVersion): Framework {
  requireKnown("xgboost", version, XGBOOST_VERSIONS);
  return { name: "xgboost", version, repository: "sagemaker-xgboost", tag: version };
}

/** A definition is run without its types having been checked. */
function requireKnown(name: string, version: string, known: readonly string[]): void {
  if (known.includes(version)) return;
  const calls = known.map((each) => `${name}("${each}")`).join(", ");
  throw new UnknownFrameworkError(`${name}("${version}") is no container of SageMaker; there are: ${calls}`);
}

/** SageMaker's scikit-learn container of this version, for processing and script mode. @throws {@link UnknownFrameworkError} */
export function sklearn(version: SklearnVersion): Framework {
  requireKnown("sklearn", version, SKLEARN_VERSIONS);
  return { name: "sklearn", version, repository: "sagemaker-scikit-learn", tag: `${version}-cpu-py3` };
}

/**
 * The image's URI, `<account>.dkr.ecr.<region>.<suffix>/<repository>:<tag>`.
 *
 * @param account registry account of the region, see {@link REGISTRY_ACCOUNTS}; may be an unresolved CDK token
 * @param urlSuffix the partition's domain, `amazonaws.com` outside China
 */
export function imageUri(framework: Framework, account: string, region: string, urlSuffix = "amazonaws.com"): string {
  return `${account}.dkr.ecr.${region}.${urlSuffix}/${framework.repository}:${framework.tag}`;
}

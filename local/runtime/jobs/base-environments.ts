/** What a framework container holds, for code without a requirements.txt: image name and tag → packages. */

/** The image stands for no environment here; the message names those that do. */
export class UnknownImageError extends Error {
  override readonly name = "UnknownImageError";
  readonly code = "UNKNOWN_IMAGE";
}

const COMMON = ["numpy>=1.26,<3", "pandas>=2.1,<4", "pyarrow>=14", "boto3>=1.34,<2"];
const XGBOOST = (version: string) => [
  `xgboost-cpu==${version}; sys_platform != "darwin"`,
  `xgboost==${version}; sys_platform == "darwin"`,
  "scikit-learn>=1.4",
];

const REPOSITORIES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  "sagemaker-xgboost": {
    "3.2-0": XGBOOST("3.2.0"),
    "3.0-5": XGBOOST("3.0.5"),
    // The last release before 2, which knows no NumPy 2; nor do these.
    "1.7-1": ["xgboost==1.7.6", "numpy<2", "scikit-learn>=1.4,<1.6", "pandas<3", "pyarrow<18"],
  },
  "sagemaker-scikit-learn": {
    "1.4-2": ['scikit-learn==1.4.2; python_version < "3.13"', 'scikit-learn>=1.5; python_version >= "3.13"'],
  },
};

/** An image's repository and tag, without its registry. */
export function imageName(image: string): { repository: string; tag: string } {
  const [, repository = "", tag = ""] = /(?:^|\/)([a-z0-9._-]+):([A-Za-z0-9._-]+)$/.exec(image) ?? [];
  return { repository, tag };
}

/**
 * @param image URI such as `…/sagemaker-xgboost:3.2-0` or `…/sagemaker-scikit-learn:1.4-2-cpu-py3`
 * @returns the text of a requirements file
 * @throws UnknownImageError
 */
export function baseRequirements(image: string): string {
  const { repository, tag } = imageName(image);
  const versions = REPOSITORIES[repository] ?? {};
  const version = Object.keys(versions).find((known) => tag === known || tag.startsWith(`${known}-`));
  const packages = version === undefined ? undefined : versions[version];
  if (packages === undefined) {
    const known = Object.entries(REPOSITORIES).flatMap(([name, tags]) => Object.keys(tags).map((t) => `${name}:${t}`));
    throw new UnknownImageError(
      `image ${image} has no local environment; put a requirements.txt beside the scripts, or use one of ${known.join(", ")}`,
    );
  }
  return `${[...packages, ...COMMON].join("\n")}\n`;
}

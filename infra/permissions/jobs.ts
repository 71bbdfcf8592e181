/** What SageMaker may do for a job or an endpoint: read its inputs, write its outputs, its log, its image. */
import { Aws } from "aws-cdk-lib";
import type { Arns } from "../arns.ts";
import type { Permission } from "../constructs/service-role.ts";
import { arnFor } from "../names.ts";
import { joinProducts, queryVersions } from "./athena.ts";
import { BECAUSE } from "./reasons.ts";

/** Processing jobs: code and the Athena dataset, then files in and out of the artifacts. */
export function processingPermissions(arns: Arns): Permission[] {
  return [
    ...queryVersions(arns),
    ...joinProducts(arns),
    ...readArtifacts(arns),
    ...readCode(arns),
    writeArtifacts(arns),
    ...container("ProcessingJobs"),
  ];
}

/** Training jobs: channels and code in, model out. */
export function trainingPermissions(arns: Arns): Permission[] {
  return [...readArtifacts(arns), ...readCode(arns), writeArtifacts(arns), ...container("TrainingJobs")];
}

/** Endpoints: model and code in. */
export function servingPermissions(arns: Arns): Permission[] {
  return [...readArtifacts(arns), ...readCode(arns), ...container("Endpoints/*")];
}

function readArtifacts(arns: Arns): Permission[] {
  return [
    { actions: ["s3:GetObject"], resources: [arns.artifacts], wildcard: BECAUSE.objects },
    { actions: ["s3:ListBucket", "s3:GetBucketLocation"], resources: [arns.artifactsBucket] },
  ];
}

function readCode(arns: Arns): Permission[] {
  return [
    { actions: ["s3:GetObject"], resources: [arns.modelAssets], wildcard: BECAUSE.objects },
    { actions: ["s3:ListBucket"], resources: [arns.modelAssetsBucket] },
  ];
}

function writeArtifacts(arns: Arns): Permission {
  return {
    actions: ["s3:PutObject", "s3:AbortMultipartUpload"],
    resources: [arns.artifacts],
    wildcard: BECAUSE.objects,
  };
}

function container(logGroup: string): Permission[] {
  const group = arnFor("logs", `log-group:/aws/sagemaker/${logGroup}`, Aws.ACCOUNT_ID);
  return [
    {
      actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"],
      resources: [group, `${group}:*`],
      wildcard: BECAUSE.logStreams,
    },
    { actions: ["cloudwatch:PutMetricData"], resources: ["*"], wildcard: BECAUSE.noResourceLevel, conditions: METRICS },
    { actions: ["ecr:GetAuthorizationToken"], resources: ["*"], wildcard: BECAUSE.noResourceLevel },
    {
      actions: ["ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
      resources: ["sagemaker-xgboost", "sagemaker-scikit-learn"].map((name) =>
        arnFor("ecr", `repository/${name}`, "*"),
      ),
      wildcard: "SageMaker's images lie in a registry account of their own in each region.",
    },
  ];
}

const METRICS = {
  StringEquals: {
    "cloudwatch:namespace": [
      "/aws/sagemaker/ProcessingJobs",
      "/aws/sagemaker/TrainingJobs",
      "/aws/sagemaker/Endpoints",
    ],
  },
} as const;

/** A registered model as SageMaker describes it. */
import {
  DescribeModelPackageCommand,
  type DescribeModelPackageCommandOutput,
  type SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { CommandFailure } from "./failure.ts";
import { shortPackageName } from "./model-package-name.ts";

/** @throws CommandFailure 2 for a version there is not */
export async function describePackage(
  sagemaker: SageMakerClient,
  arn: string,
): Promise<DescribeModelPackageCommandOutput> {
  try {
    return await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: arn }));
  } catch (thrown) {
    if (thrown instanceof Error && (thrown.name === "ValidationException" || thrown.name === "ResourceNotFound")) {
      throw new CommandFailure(
        2,
        `there is no model package ${shortPackageName(arn)}; \`npx tidemill models list\` names them`,
      );
    }
    throw thrown;
  }
}

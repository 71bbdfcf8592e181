/** What has become of the packages of a lifecycle that ended some time ago. */
import { DescribeModelPackageCommand } from "@aws-sdk/client-sagemaker";
import type { Connection } from "./connect.ts";
import type { Lifecycle } from "./lifecycle.ts";

/** The lifecycle with each package's approval as it is now: a person may have decided since. */
export async function withPresentStatus(lifecycle: Lifecycle, connection: Connection): Promise<Lifecycle> {
  const sagemaker = await connection.clients.sagemaker();
  const models = lifecycle.models.map(async (model) => {
    if (!model.modelPackageArn) return model;
    const command = new DescribeModelPackageCommand({ ModelPackageName: model.modelPackageArn });
    const { ModelApprovalStatus } = await sagemaker.send(command).catch(absentIfDeleted);
    return { ...model, approvalStatus: ModelApprovalStatus ?? null };
  });
  return { ...lifecycle, models: await Promise.all(models) };
}

function absentIfDeleted(thrown: unknown): { ModelApprovalStatus?: undefined } {
  if (thrown instanceof Error && thrown.name === "ValidationException") return {};
  throw thrown;
}

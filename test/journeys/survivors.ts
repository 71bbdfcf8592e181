/** What a home holds after its storm: every execution, model package and job. */
import {
  DescribeModelPackageCommand,
  ListModelPackagesCommand,
  paginateListProcessingJobs,
  paginateListTrainingJobs,
  type SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { DescribeExecutionCommand, paginateListExecutions, type SFNClient } from "@aws-sdk/client-sfn";
import { machineArn } from "./kill-storm.ts";

export interface Execution {
  arn: string;
  status: string;
  /** Error and cause, when it failed. */
  why: string;
  output: { outcome?: string; models?: { modelPackageArn?: string }[] };
}

export async function executionsOf(sfn: SFNClient, machine: string): Promise<Execution[]> {
  const found: Execution[] = [];
  for await (const { executions = [] } of paginateListExecutions(
    { client: sfn },
    { stateMachineArn: machineArn(machine) },
  )) {
    for (const { executionArn } of executions) {
      const one = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      const output = JSON.parse(one.output ?? "{}");
      const why = `${one.error ?? ""} ${one.cause ?? ""}`.trim();
      found.push({ arn: executionArn ?? "", status: one.status ?? "", why, output });
    }
  }
  return found;
}

/** @returns ARN and the execution that made it */
export async function packagesOf(sagemaker: SageMakerClient): Promise<{ arn: string; madeBy: string }[]> {
  const wanted = { ModelPackageGroupName: "credit-risk", MaxResults: 100 };
  const { ModelPackageSummaryList = [] } = await sagemaker.send(new ListModelPackagesCommand(wanted));
  const found = ModelPackageSummaryList.map(async ({ ModelPackageArn = "" }) => {
    const one = await sagemaker.send(new DescribeModelPackageCommand({ ModelPackageName: ModelPackageArn }));
    return { arn: ModelPackageArn, madeBy: one.MetadataProperties?.GeneratedBy ?? "" };
  });
  return Promise.all(found);
}

/** @returns names of jobs with their status */
export async function jobsOf(sagemaker: SageMakerClient): Promise<{ name: string; status: string }[]> {
  const jobs: { name: string; status: string }[] = [];
  for await (const { ProcessingJobSummaries = [] } of paginateListProcessingJobs({ client: sagemaker }, {})) {
    for (const { ProcessingJobName: name = "", ProcessingJobStatus: status = "" } of ProcessingJobSummaries)
      jobs.push({ name, status });
  }
  for await (const { TrainingJobSummaries = [] } of paginateListTrainingJobs({ client: sagemaker }, {})) {
    for (const { TrainingJobName: name = "", TrainingJobStatus: status = "" } of TrainingJobSummaries)
      jobs.push({ name, status });
  }
  return jobs;
}

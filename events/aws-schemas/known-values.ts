/**
 * The states that fields of common events take. The published schemas have types only; these are the enumerations of the
 * services' APIs, and for CodePipeline, whose events have states of their own, its guide:
 * https://docs.aws.amazon.com/codepipeline/latest/userguide/detect-state-changes-cloudwatch-events.html
 */
export const KNOWN_VALUES: readonly Readonly<{
  source: string;
  detailType: string;
  /** A field of the detail. */
  field: string;
  values: readonly string[];
}>[] = [
  {
    source: "aws.states",
    detailType: "Step Functions Execution Status Change",
    field: "status",
    values: ["RUNNING", "SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "PENDING_REDRIVE"],
  },
  {
    source: "aws.ec2",
    detailType: "EC2 Instance State-change Notification",
    field: "state",
    values: ["pending", "running", "stopping", "stopped", "shutting-down", "terminated"],
  },
  {
    source: "aws.sagemaker",
    detailType: "SageMaker Training Job State Change",
    field: "TrainingJobStatus",
    values: ["InProgress", "Completed", "Failed", "Stopping", "Stopped", "Deleting"],
  },
  {
    source: "aws.sagemaker",
    detailType: "SageMaker Transform Job State Change",
    field: "TransformJobStatus",
    values: ["InProgress", "Completed", "Failed", "Stopping", "Stopped"],
  },
  {
    source: "aws.sagemaker",
    detailType: "SageMaker HyperParameter Tuning Job State Change",
    field: "HyperParameterTuningJobStatus",
    values: ["Completed", "InProgress", "Failed", "Stopped", "Stopping", "Deleting", "DeleteFailed"],
  },
  {
    source: "aws.codebuild",
    detailType: "CodeBuild Build State Change",
    field: "build-status",
    values: ["IN_PROGRESS", "SUCCEEDED", "FAILED", "STOPPED", "FAULT", "TIMED_OUT"],
  },
  {
    source: "aws.codepipeline",
    detailType: "CodePipeline Pipeline Execution State Change",
    field: "state",
    values: ["STARTED", "SUCCEEDED", "RESUMED", "FAILED", "STOPPING", "STOPPED", "CANCELED", "SUPERSEDED"],
  },
  {
    source: "aws.batch",
    detailType: "Batch Job State Change",
    field: "status",
    values: ["SUBMITTED", "PENDING", "RUNNABLE", "STARTING", "RUNNING", "SUCCEEDED", "FAILED"],
  },
];

import type { Integration, IntegrationPattern } from "./protocol.ts";

const SUFFIXES: readonly (readonly [string, IntegrationPattern])[] = [
  [".sync:2", "sync:2"],
  [".sync", "sync"],
  [".waitForTaskToken", "wait-for-task-token"],
];

/** Takes a Task's Resource apart: `arn:aws:states:::sagemaker:createTrainingJob.sync`, a function's or an activity's ARN. */
export function parseResource(resource: string): Integration {
  const parts = resource.split(":");
  if (parts[2] !== "states") {
    return parts[0] === "arn"
      ? { kind: "lambda-function", functionArn: resource }
      : { kind: "activity", activityArn: resource };
  }
  if (parts[5] === "activity" || parts.length < 7) return { kind: "activity", activityArn: resource };
  const rest = parts.slice(5).join(":");
  const [suffix = "", pattern = "request-response"] = SUFFIXES.find(([ending]) => rest.endsWith(ending)) ?? [];
  const bare = rest.slice(0, rest.length - suffix.length);
  const split = bare.lastIndexOf(":");
  const action = bare.slice(split + 1);
  return { kind: "service", resourceType: bare.slice(0, split), resource: action + suffix, action, pattern };
}

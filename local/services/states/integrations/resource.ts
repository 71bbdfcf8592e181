/** What a Task's Resource names. Source: https://docs.aws.amazon.com/step-functions/latest/dg/integrate-services.html */

export type Pattern = "REQUEST_RESPONSE" | "SYNC" | "SYNC_2" | "WAIT_FOR_TASK_TOKEN";

export type TaskResource =
  | Readonly<{ kind: "lambda-arn"; functionArn: string }>
  | Readonly<{ kind: "activity"; activityArn: string }>
  | Readonly<{ kind: "optimized"; service: string; action: string; pattern: Pattern }>
  | Readonly<{ kind: "aws-sdk"; service: string; action: string; pattern: Pattern }>;

const PATTERNS: Readonly<Record<string, Pattern>> = {
  "": "REQUEST_RESPONSE",
  sync: "SYNC",
  "sync:2": "SYNC_2",
  waitForTaskToken: "WAIT_FOR_TASK_TOKEN",
};

/** Reads a resource ARN; undefined when it is none that Step Functions knows. */
export function parseResource(arn: string): TaskResource | undefined {
  if (/^arn:aws[\w-]*:lambda:[^:]*:\d*:function:/.test(arn)) return { kind: "lambda-arn", functionArn: arn };
  if (/^arn:aws[\w-]*:states:[^:]*:\d*:activity:/.test(arn)) return { kind: "activity", activityArn: arn };
  const match = /^arn:aws[\w-]*:states:[^:]*:\d*:(aws-sdk:)?([a-z0-9-]+):([A-Za-z0-9]+)(?:\.(.+))?$/.exec(arn);
  if (match === null) return undefined;
  const [, sdk, service = "", action = "", suffix = ""] = match;
  const pattern = PATTERNS[suffix];
  if (pattern === undefined) return undefined;
  return { kind: sdk === undefined ? "optimized" : "aws-sdk", service, action, pattern };
}

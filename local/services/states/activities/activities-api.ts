/** Activities, and the workers that poll them. Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-activities.html */
import type * as Sdk from "@aws-sdk/client-sfn";
import { AwsError } from "../../../aws-error.ts";
import type { HomePorts, Operations } from "../../../define-service.ts";
import type { ExecutionRunner } from "../execution-runner.ts";
import { decodePageToken, pageOf } from "../page-token.ts";
import { checkArn, checkLength, checkName, pageSize } from "../request-checks.ts";
import type { TagStore } from "../tags.ts";
import type { ActivityQueue } from "./activity-queue.ts";
import type { ActivityStore } from "./activity-store.ts";

type Names = "CreateActivity" | "DescribeActivity" | "ListActivities" | "DeleteActivity" | "GetActivityTask";

/** How long a poll waits. */
const POLL_MS = 60_000;

export interface ActivityParts {
  home: HomePorts;
  activities: ActivityStore;
  queue: ActivityQueue;
  runner: ExecutionRunner;
  tags: TagStore;
}

export function activityOperations(parts: ActivityParts): Pick<Operations<typeof Sdk>, Names> {
  const { activities } = parts;
  const byArn = ({ activityArn }: { activityArn?: string | undefined }) => ({ resource: activityArn ?? "*" });
  return {
    CreateActivity: {
      authorize: ({ name }) => ({ resource: activities.arnOf(name ?? "") }),
      handle: (input) => create(parts, input),
    },
    DescribeActivity: {
      authorize: byArn,
      handle({ activityArn }) {
        const { arn, name, createdMs, encryption } = activities.require(checkArn(activityArn, "activity"));
        return {
          activityArn: arn,
          name,
          creationDate: new Date(createdMs),
          encryptionConfiguration: { type: "AWS_OWNED_KEY", ...encryption },
        };
      },
    },
    ListActivities: { handle: (input) => list(activities, input) },
    DeleteActivity: {
      authorize: byArn,
      handle({ activityArn }) {
        activities.remove(checkArn(activityArn, "activity"));
        return {};
      },
    },
    GetActivityTask: { authorize: byArn, handle: (input, { signal }) => getTask(parts, input, signal) },
  };
}

function create({ activities, tags }: ActivityParts, input: Sdk.CreateActivityCommandInput) {
  const name = checkName(input.name);
  const existing = activities.find(activities.arnOf(name));
  const { encryptionConfiguration: encryption } = input;
  if (existing !== undefined && JSON.stringify(existing.encryption) !== JSON.stringify(encryption))
    throw new AwsError("ActivityAlreadyExists", `Activity Already Exists: '${existing.arn}'`);
  const { arn, createdMs } = activities.create(name, encryption);
  if (existing === undefined) tags.put(arn, input.tags ?? []);
  return { activityArn: arn, creationDate: new Date(createdMs) };
}

function list(activities: ActivityStore, { maxResults, nextToken }: Sdk.ListActivitiesCommandInput) {
  const limit = pageSize(maxResults);
  const after = decodePageToken(nextToken);
  const found = activities.list(after && { createdMs: after.number, arn: after.text }, limit + 1);
  const { page, nextToken: more } = pageOf(found, limit, ({ createdMs, arn }) => ({ number: createdMs, text: arn }));
  return {
    activities: page.map(({ arn, name, createdMs }) => ({
      activityArn: arn,
      name,
      creationDate: new Date(createdMs),
    })),
    ...more,
  };
}

async function getTask(
  { home, activities, queue, runner }: ActivityParts,
  { activityArn, workerName }: Sdk.GetActivityTaskCommandInput,
  signal: AbortSignal,
): Promise<Omit<Sdk.GetActivityTaskCommandOutput, "$metadata">> {
  checkLength("workerName", workerName, 1, 80);
  const { arn } = activities.require(checkArn(activityArn, "activity"));
  const task = await queue.next(arn, home.clock.now() + POLL_MS, signal);
  if (task === undefined) return {};
  const { executionArn, taskId, token, input } = task;
  const named = workerName === undefined ? {} : { workerName };
  await runner.input(executionArn, { kind: "task-started", taskId, ...named });
  return { taskToken: token, input };
}

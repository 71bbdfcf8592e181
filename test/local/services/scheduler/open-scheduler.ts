/** A home with Scheduler and queues for tests, on a clock that the test moves; its schedules' role may do what they need. */
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SQSClient } from "@aws-sdk/client-sqs";
import type { ServiceDefinition } from "../../../../local/define-service.ts";
import { openHome } from "../../../../local/home.ts";
import { scheduler } from "../../../../local/services/scheduler/index.ts";
import { sqs } from "../../../../local/services/sqs/index.ts";
import { followClock, type ManualClock } from "../../manual-clock.ts";

export const RoleArn = "arn:aws:iam::000000000000:role/schedules";
export const Arn = "arn:aws:sqs:us-east-1:000000000000:due";

export interface OpenScheduler {
  client: SchedulerClient;
  queues: SQSClient;
  close(): Promise<void>;
}

/** @param more further services, of which only Step Functions is allowed to the role */
export async function openScheduler(
  directory: string,
  clock: ManualClock,
  ...more: ServiceDefinition[]
): Promise<OpenScheduler> {
  const home = await openHome({ directory, services: [sqs, scheduler, ...more], clock });
  const Statement = [{ Effect: "Allow", Action: ["sqs:*", "states:*"], Resource: "*" }];
  const document = { Version: "2012-10-17", Statement };
  home.ports.policies.setRoleSource((roleArn) =>
    roleArn === RoleArn ? { roleArn, policies: [{ name: "all", document }], trust: {} } : undefined,
  );
  await home.start();
  const client = new SchedulerClient(home.clientConfig());
  const queues = new SQSClient(home.clientConfig());
  followClock(client, clock);
  followClock(queues, clock);
  return {
    client,
    queues,
    async close() {
      client.destroy();
      queues.destroy();
      await home.close();
    },
  };
}

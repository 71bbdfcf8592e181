/** A home with Step Functions, S3 and Logs on real clients, and one role that may do everything. */
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { S3Client } from "@aws-sdk/client-s3";
import {
  CreateStateMachineCommand,
  type CreateStateMachineCommandInput,
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import type { ServiceDefinition } from "../../../../local/define-service.ts";
import { type Home, openHome } from "../../../../local/home.ts";
import { logs } from "../../../../local/services/logs/index.ts";
import { s3 } from "../../../../local/services/s3/index.ts";
import { states } from "../../../../local/services/states/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { followClock, type ManualClock } from "../../manual-clock.ts";

export const ROLE = "arn:aws:iam::000000000000:role/r";
const ALL = { Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };

export class StatesHome {
  readonly directory = temporaryFolder("states");
  readonly #services: readonly ServiceDefinition[];
  readonly #clock: ManualClock | undefined;
  home!: Home;
  client!: SFNClient;
  s3!: S3Client;
  logs!: CloudWatchLogsClient;

  constructor(services: readonly ServiceDefinition[] = [], clock: ManualClock | undefined = undefined) {
    this.#services = services;
    this.#clock = clock;
  }

  async open(): Promise<this> {
    this.home = await openHome({
      directory: this.directory,
      services: [states, s3, logs, ...this.#services],
      ...(this.#clock === undefined ? {} : { clock: this.#clock }),
    });
    this.home.ports.policies.setRoleSource((roleArn) => ({
      roleArn,
      policies: [{ name: "all", document: ALL }],
      trust: {},
    }));
    await this.home.start();
    this.client = new SFNClient(this.home.clientConfig());
    if (this.#clock !== undefined) followClock(this.client, this.#clock);
    this.s3 = new S3Client({ ...this.home.clientConfig(), forcePathStyle: true });
    this.logs = new CloudWatchLogsClient(this.home.clientConfig());
    return this;
  }

  /** The home goes on as after a restart. */
  async reopen(): Promise<void> {
    await this.home.close();
    await this.open();
  }

  close(): Promise<void> {
    return this.home.close();
  }

  async create(definition: object, rest: Partial<CreateStateMachineCommandInput> = {}): Promise<string> {
    const machine = { name: "m", roleArn: ROLE, definition: JSON.stringify(definition), ...rest };
    const { stateMachineArn = "" } = await this.client.send(new CreateStateMachineCommand(machine));
    return stateMachineArn;
  }

  /** Starts an execution and waits for its end. */
  async run(stateMachineArn: string, input: unknown = {}, name = "run"): Promise<DescribeExecutionCommandOutput> {
    const executionArn = `${stateMachineArn.split(":").slice(0, 7).join(":").replace("stateMachine", "execution")}:${name}`;
    const end = this.ended(executionArn);
    await this.client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
    await end;
    return this.client.send(new DescribeExecutionCommand({ executionArn }));
  }

  /** Resolves with the status of the execution's next status event that says it ended. */
  ended(executionArn: string): Promise<string> {
    return new Promise((resolve) => {
      const stop = this.home.ports.listen(({ detail }) => {
        const { executionArn: arn, status } = detail as { executionArn: string; status: string };
        if (arn !== executionArn || status === "RUNNING") return;
        stop();
        resolve(status);
      });
    });
  }
}

/** State machines through the API. */
import type * as Sdk from "@aws-sdk/client-sfn";
import { parseDefinition } from "../../../engine/states/index.ts";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts, Operations } from "../../define-service.ts";
import type { MachineRecord, MachineStore } from "./machine-store.ts";

type Names =
  | "CreateStateMachine"
  | "UpdateStateMachine"
  | "DeleteStateMachine"
  | "DescribeStateMachine"
  | "ListStateMachines"
  | "ValidateStateMachineDefinition"
  | "TagResource"
  | "UntagResource"
  | "ListTagsForResource";

const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}]{1,80}$/u;

export function machineOperations(home: HomePorts, machines: MachineStore): Pick<Operations<typeof Sdk>, Names> {
  return {
    CreateStateMachine: {
      authorize: ({ name }) => ({ resource: machines.arnOf(name ?? "") }),
      handle: (input) => create(machines, input),
    },
    UpdateStateMachine: { authorize: byArn, handle: (input) => update(machines, input) },
    DeleteStateMachine: {
      authorize: byArn,
      handle({ stateMachineArn }) {
        machines.remove(stateMachineArn ?? "");
        return {};
      },
    },
    DescribeStateMachine: {
      authorize: byArn,
      handle: ({ stateMachineArn }) => describe(machines.require(stateMachineArn ?? "")),
    },
    ListStateMachines: {
      handle: () => ({
        stateMachines: machines.list().map((machine) => ({
          stateMachineArn: machine.arn,
          name: machine.name,
          type: machine.type,
          creationDate: new Date(machine.createdMs),
        })),
      }),
    },
    ValidateStateMachineDefinition: { authorize: () => [], handle: validate },
    ...tagOperations(home),
  };
}

function byArn({ stateMachineArn }: { stateMachineArn?: string | undefined }) {
  return { resource: stateMachineArn ?? "*" };
}

function create(machines: MachineStore, input: Sdk.CreateStateMachineCommandInput) {
  const name = input.name ?? "";
  if (!NAME.test(name)) throw new AwsError("InvalidName", `Invalid Name: '${name}'`);
  const wanted = { type: input.type ?? "STANDARD", roleArn: input.roleArn ?? "", definition: input.definition ?? "" };
  const existing = machines.find(machines.arnOf(name));
  if (
    existing !== undefined &&
    (existing.definition !== wanted.definition || existing.roleArn !== wanted.roleArn || existing.type !== wanted.type)
  ) {
    throw new AwsError("StateMachineAlreadyExists", `State Machine Already Exists: '${existing.arn}'`);
  }
  const saved =
    existing ??
    machines.save({
      name,
      ...wanted,
      logging: input.loggingConfiguration,
      tracing: input.tracingConfiguration?.enabled ?? false,
    });
  return { stateMachineArn: saved.arn, creationDate: new Date(saved.createdMs) };
}

function update(machines: MachineStore, input: Sdk.UpdateStateMachineCommandInput) {
  const current = machines.require(input.stateMachineArn ?? "");
  const saved = machines.save({
    name: current.name,
    type: current.type,
    roleArn: input.roleArn ?? current.roleArn,
    definition: input.definition ?? current.definition,
    logging: input.loggingConfiguration ?? current.logging,
    tracing: input.tracingConfiguration?.enabled ?? current.tracing,
  });
  return { updateDate: new Date(saved.updatedMs), revisionId: saved.revision };
}

function describe(machine: MachineRecord) {
  return {
    stateMachineArn: machine.arn,
    name: machine.name,
    status: "ACTIVE" as const,
    definition: machine.definition,
    roleArn: machine.roleArn,
    type: machine.type,
    creationDate: new Date(machine.createdMs),
    loggingConfiguration: {
      level: "OFF" as const,
      includeExecutionData: false,
      ...(machine.logging as object | undefined),
    },
    tracingConfiguration: { enabled: machine.tracing },
    revisionId: machine.revision,
  };
}

function validate(input: Sdk.ValidateStateMachineDefinitionCommandInput) {
  const { diagnostics } = parseDefinition(input.definition ?? "", { type: input.type ?? "STANDARD" });
  const wanted = diagnostics.filter(({ severity }) => input.severity === "WARNING" || severity === "ERROR");
  const limit = input.maxResults === undefined || input.maxResults === 0 ? 100 : input.maxResults;
  const failed = diagnostics.some(({ severity }) => severity === "ERROR");
  return {
    result: failed ? ("FAIL" as const) : ("OK" as const),
    diagnostics: wanted
      .slice(0, limit)
      .map(({ severity, code, message, location }) => ({ severity, code, message, location })),
    truncated: wanted.length > limit,
  };
}

function tagOperations(
  home: HomePorts,
): Pick<Operations<typeof Sdk>, "TagResource" | "UntagResource" | "ListTagsForResource"> {
  const put = home.store.prepare(
    "INSERT INTO states_tags VALUES (?, ?, ?) ON CONFLICT (arn, key) DO UPDATE SET value = excluded.value",
  );
  const remove = home.store.prepare("DELETE FROM states_tags WHERE arn = ? AND key = ?");
  const list = home.store.prepare("SELECT key, value FROM states_tags WHERE arn = ? ORDER BY key");
  const authorize = ({ resourceArn }: { resourceArn?: string | undefined }) => ({ resource: resourceArn ?? "*" });
  return {
    TagResource: {
      authorize,
      handle({ resourceArn, tags }) {
        for (const { key, value } of tags ?? []) put.run(resourceArn ?? "", key ?? "", value ?? "");
        return {};
      },
    },
    UntagResource: {
      authorize,
      handle({ resourceArn, tagKeys }) {
        for (const key of tagKeys ?? []) remove.run(resourceArn ?? "", key);
        return {};
      },
    },
    ListTagsForResource: {
      authorize,
      handle: ({ resourceArn }) => ({
        tags: list.all(resourceArn ?? "").map((row) => ({ key: String(row.key), value: String(row.value) })),
      }),
    },
  };
}

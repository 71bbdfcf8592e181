/** What runs while the disk fills up: loops of tasks with data that fill it soon, and a distributed Map. */
import { z } from "zod";
import type { ServiceDefinition } from "../../../../../local/define-service.ts";
import { type Home, openHome } from "../../../../../local/home.ts";
import { states } from "../../../../../local/services/states/index.ts";
import { answering, payloadOf, standInLambda } from "../../../stand-in-services.ts";

const ACCOUNT = "000000000000";
const ALL = { Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
export const ROLE = `arn:aws:iam::${ACCOUNT}:role/r`;
export const TURNS = 25;
export const ITEMS = 300;
export const LOOPS = ["loop-1", "loop-2", "loop-3"];

/** A task that waits for its token, one that does not, and an inline Map. */
const LOOP = {
  QueryLanguage: "JSONata",
  StartAt: "Begin",
  States: {
    Begin: { Type: "Pass", Assign: { turn: 0, large: "x".repeat(5_000) }, Next: "Sign" },
    Sign: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke.waitForTaskToken",
      Arguments: {
        FunctionName: "f",
        Payload: { token: "{% $states.context.Task.Token %}", execution: "{% $states.context.Execution.Name %}" },
      },
      Assign: { turn: "{% $turn + 1 %}" },
      Next: "Call",
    },
    Call: {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Arguments: { FunctionName: "f", Payload: {} },
      Next: "Copies",
    },
    Copies: {
      Type: "Map",
      Items: "{% [1..10] %}",
      ItemProcessor: { StartAt: "Copy", States: { Copy: { Type: "Pass", Output: "{% $large %}", End: true } } },
      Output: {},
      Next: "More",
    },
    More: { Type: "Choice", Choices: [{ Condition: `{% $turn < ${TURNS} %}`, Next: "Sign" }], Default: "Done" },
    Done: { Type: "Succeed", Output: "{% $turn %}" },
  },
};

const MAP = {
  QueryLanguage: "JSONata",
  StartAt: "Each",
  States: {
    Each: {
      Type: "Map",
      Items: `{% [1..${ITEMS}] %}`,
      ItemProcessor: {
        ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
        StartAt: "Call",
        States: {
          Call: {
            Type: "Task",
            Resource: "arn:aws:states:::lambda:invoke",
            Arguments: { FunctionName: "f", Payload: { large: "x".repeat(3_000) } },
            Output: 1,
            End: true,
          },
        },
      },
      Output: "{% $sum($states.result) %}",
      End: true,
    },
  },
};

export const MACHINES = { loop: LOOP, map: MAP };

export async function openFullHome(directory: string, signer: Signer, log: Log = () => undefined): Promise<Home> {
  const home: Home = await openHome({
    directory,
    services: [states, lambda((token, execution) => signer(home, token, execution))],
    log,
  });
  home.ports.policies.setRoleSource(() => ({ roleArn: ROLE, policies: [{ name: "all", document: ALL }], trust: {} }));
  await home.start();
  return home;
}

/** Told of each task token with the execution it is of. */
type Signer = (home: Home, token: string, execution: string) => void;
type Log = (level: string, message: string, fields?: Record<string, unknown>) => void;

/** As the home's owner. */
export async function call(home: Home, operation: string, input: object): Promise<Record<string, unknown>> {
  const answer = await home.ports.call("states", operation, input, { kind: "home", accountId: ACCOUNT });
  return z.record(z.string(), z.unknown()).parse(answer);
}

export function stateMachineArn(machine: string): string {
  return `arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:${machine}`;
}

/** @param run the machine's name and a number */
export function executionArn(run: string): string {
  return `arn:aws:states:us-east-1:${ACCOUNT}:execution:${run.split("-")[0]}:${run}`;
}

function lambda(token: (token: string, execution: string) => void): ServiceDefinition {
  return standInLambda({
    authorize: () => [],
    handle({ Payload }) {
      const payload = payloadOf(Payload);
      if (payload.token !== undefined) token(payload.token, payload.execution);
      return { StatusCode: 200, Payload: answering(1) };
    },
  });
}

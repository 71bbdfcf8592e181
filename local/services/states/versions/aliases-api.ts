/** Aliases of a state machine's versions. Source: https://docs.aws.amazon.com/step-functions/latest/dg/concepts-state-machine-alias.html */
import type * as Sdk from "@aws-sdk/client-sfn";
import { AwsError } from "../../../aws-error.ts";
import type { Operations } from "../../../define-service.ts";
import { baseArn } from "../arns.ts";
import { decodePageToken, pageOf } from "../page-token.ts";
import { checkArn, checkLength, constraint, pageSize } from "../request-checks.ts";
import type { AliasRecord, AliasStore, Routing } from "./alias-store.ts";
import { belongsTo, checkRouting } from "./routing.ts";
import type { Targets } from "./start-target.ts";

type Names =
  | "CreateStateMachineAlias"
  | "UpdateStateMachineAlias"
  | "DescribeStateMachineAlias"
  | "ListStateMachineAliases"
  | "DeleteStateMachineAlias";

const NAME = "^(?=.*[a-zA-Z_\\-\\.])[a-zA-Z0-9_\\-\\.]+$";
const MOST = 100;

export function aliasOperations(targets: Targets): Pick<Operations<typeof Sdk>, Names> {
  const { machines, aliases, versions, home } = targets;
  const byArn = ({ stateMachineAliasArn: arn }: { stateMachineAliasArn?: string | undefined }) => ({
    resource: arn ?? "*",
  });
  return {
    CreateStateMachineAlias: {
      authorize: ({ routingConfiguration }) => ({
        resource: baseArn(routingConfiguration?.[0]?.stateMachineVersionArn ?? "*"),
      }),
      handle(input) {
        checkLength("description", input.description, 0, 256);
        const routing = checkRouting(input.routingConfiguration, versions);
        const alias = createAlias(targets, input.name ?? "", input.description, routing);
        return { stateMachineAliasArn: alias.arn, creationDate: new Date(alias.createdMs) };
      },
    },
    UpdateStateMachineAlias: {
      authorize: byArn,
      handle(input) {
        const alias = requireAlias(aliases, input.stateMachineAliasArn);
        const { description, routingConfiguration } = input;
        checkLength("description", description, 0, 256);
        if (description === undefined && routingConfiguration === undefined)
          throw new AwsError("ValidationException", "Either description or routingConfiguration must be specified");
        const routing =
          routingConfiguration === undefined ? alias.routing : checkRouting(routingConfiguration, versions);
        checkOwn(alias.machineArn, routing);
        const updatedMs = home.clock.now();
        aliases.put({ ...alias, description: description ?? alias.description, routing, updatedMs });
        return { updateDate: new Date(updatedMs) };
      },
    },
    DescribeStateMachineAlias: {
      authorize: byArn,
      handle: ({ stateMachineAliasArn }) => described(requireAlias(aliases, stateMachineAliasArn)),
    },
    ListStateMachineAliases: {
      authorize: ({ stateMachineArn }) => ({ resource: stateMachineArn ?? "*" }),
      handle({ stateMachineArn, maxResults, nextToken }) {
        const limit = pageSize(maxResults);
        const after = decodePageToken(nextToken);
        const arn = checkArn(stateMachineArn, "stateMachine");
        const machine = machines.require(baseArn(arn));
        const found = aliases
          .list(machine.arn, after && { createdMs: after.number, arn: after.text }, MOST + 1)
          .filter(({ routing }) => arn === machine.arn || routing.some(({ versionArn }) => versionArn === arn));
        const { page, nextToken: more } = pageOf(found, limit, (alias) => ({
          number: alias.createdMs,
          text: alias.arn,
        }));
        return {
          stateMachineAliases: page.map((alias) => ({
            stateMachineAliasArn: alias.arn,
            creationDate: new Date(alias.createdMs),
          })),
          ...more,
        };
      },
    },
    DeleteStateMachineAlias: {
      authorize: byArn,
      handle({ stateMachineAliasArn }) {
        aliases.remove(requireAlias(aliases, stateMachineAliasArn).arn);
        return {};
      },
    },
  };
}

/** The same alias again is that alias. @throws AwsError ValidationException, ConflictException, ServiceQuotaExceededException */
export function createAlias(
  { aliases, machines, home }: Targets,
  name: string,
  description: string | undefined,
  routing: Routing,
): AliasRecord {
  checkLength("name", name, 1, 80);
  if (!new RegExp(NAME).test(name))
    throw constraint(name, "name", `Member must satisfy regular expression pattern: ${NAME}`);
  const machine = machines.requireActive(baseArn(routing[0]?.versionArn ?? ""));
  const arn = `${machine.arn}:${name}`;
  const existing = aliases.find(arn);
  if (existing !== undefined) {
    if (existing.description === description && JSON.stringify(existing.routing) === JSON.stringify(routing))
      return existing;
    throw new AwsError(
      "ConflictException",
      "Failed to create alias because an alias with the same name and a different routing configuration already exists.",
    );
  }
  if (aliases.list(machine.arn, undefined, MOST).length >= MOST)
    throw new AwsError("ServiceQuotaExceededException", `A state machine has at most ${MOST} aliases`, { status: 402 });
  const now = home.clock.now();
  const alias = { arn, machineArn: machine.arn, name, description, routing, createdMs: now, updatedMs: now };
  aliases.put(alias);
  return alias;
}

/** An alias stays with its state machine. @throws AwsError ValidationException */
function checkOwn(machineArn: string, routing: Routing): void {
  if (!belongsTo(machineArn, routing))
    throw new AwsError("ValidationException", `The versions must be those of the alias's state machine ${machineArn}`);
}

function requireAlias(aliases: AliasStore, arn: string | undefined): AliasRecord {
  const found = aliases.find(checkArn(arn, "stateMachine"));
  if (found !== undefined) return found;
  throw new AwsError("ResourceNotFound", "Request references a resource that does not exist.", {
    fields: { resourceName: arn },
  });
}

function described(alias: AliasRecord) {
  return {
    stateMachineAliasArn: alias.arn,
    name: alias.name,
    ...(alias.description === undefined ? {} : { description: alias.description }),
    routingConfiguration: alias.routing.map(({ versionArn, weight }) => ({
      stateMachineVersionArn: versionArn,
      weight,
    })),
    creationDate: new Date(alias.createdMs),
    updateDate: new Date(alias.updatedMs),
  };
}

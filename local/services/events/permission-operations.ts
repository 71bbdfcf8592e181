/** PutPermission and RemovePermission: a bus's resource policy, whole or a statement at a time. */
import type { PutPermissionRequest } from "@aws-sdk/client-eventbridge";
import { AwsError } from "../../aws-error.ts";
import type { Operations } from "../../define-service.ts";
import type { Bus } from "./bus-store.ts";
import { busArn, busNameOf } from "./names.ts";
import type { EventsParts } from "./parts.ts";

type EventBridge = typeof import("@aws-sdk/client-eventbridge");
type Given = { [K in keyof PutPermissionRequest]?: PutPermissionRequest[K] | undefined };

const LARGEST_POLICY_BYTES = 10_240;

export function permissionOperations({ home, buses }: EventsParts): Operations<EventBridge> {
  const onBus = ({ EventBusName }: { EventBusName?: string | undefined }) => ({
    resource: busArn(home, busNameOf(EventBusName)),
  });
  const save = (bus: Bus, statements: readonly object[]) => {
    const policy = statements.length === 0 ? undefined : { Version: "2012-10-17", Statement: statements };
    checkSize(policy);
    buses.save({ ...bus, policy });
    return {};
  };
  return {
    PutPermission: {
      authorize: onBus,
      handle(input) {
        const bus = buses.get(busNameOf(input.EventBusName));
        if (input.Policy !== undefined) {
          buses.save({ ...bus, policy: parsePolicy(input.Policy) });
          return {};
        }
        const statement = statementOf(bus, input);
        return save(bus, [...statementsOf(bus.policy).filter(({ Sid }) => Sid !== statement.Sid), statement]);
      },
    },
    RemovePermission: {
      authorize: onBus,
      handle({ EventBusName, StatementId, RemoveAllPermissions }) {
        const bus = buses.get(busNameOf(EventBusName));
        if (RemoveAllPermissions) return save(bus, []);
        const statements = statementsOf(bus.policy);
        if (statements.length === 0)
          throw new AwsError("ResourceNotFoundException", "EventBus does not have a policy.");
        if (!statements.some(({ Sid }) => Sid === StatementId))
          throw new AwsError("ResourceNotFoundException", "Statement with the provided id does not exist.");
        return save(
          bus,
          statements.filter(({ Sid }) => Sid !== StatementId),
        );
      },
    },
  };
}

export function statementsOf(policy: unknown): { Sid?: string }[] {
  return typeof policy === "object" && policy !== null && "Statement" in policy && Array.isArray(policy.Statement)
    ? policy.Statement
    : [];
}

function statementOf(bus: Bus, { StatementId = "", Principal = "", Action, Condition }: Given) {
  if (!/^[a-zA-Z0-9\-_]{1,64}$/.test(StatementId))
    throw invalid(
      `Parameter StatementId is not valid: 1 to 64 of letters, digits, "-" and "_", found "${StatementId}".`,
    );
  if (Action !== "events:PutEvents") throw invalid("Provided value in parameter 'action' is not supported.");
  if (!/^(\d{12}|\*)$/.test(Principal)) throw invalid("Provided value in parameter 'principal' is not valid.");
  return {
    Sid: StatementId,
    Effect: "Allow",
    Principal: Principal === "*" ? "*" : { AWS: `arn:aws:iam::${Principal}:root` },
    Action,
    Resource: bus.arn,
    ...(Condition ? { Condition: { [Condition.Type ?? ""]: { [Condition.Key ?? ""]: Condition.Value } } } : {}),
  };
}

function parsePolicy(text: string): object {
  let policy: unknown;
  try {
    policy = JSON.parse(text);
  } catch (cause) {
    throw new AwsError("ValidationException", "This policy contains invalid Json", { cause });
  }
  if (typeof policy !== "object" || policy === null || !("Statement" in policy))
    throw invalid("This policy contains no Statement.");
  checkSize(policy);
  return policy;
}

function checkSize(policy: object | undefined): void {
  const bytes = Buffer.byteLength(JSON.stringify(policy) ?? "");
  if (bytes > LARGEST_POLICY_BYTES)
    throw new AwsError(
      "PolicyLengthExceededException",
      `The event bus policy has ${bytes} bytes, at most ${LARGEST_POLICY_BYTES} are allowed.`,
    );
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}

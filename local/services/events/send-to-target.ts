/** Gives one rendered input to one target of a rule. */
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import { invokeTarget, parseArn } from "../../delivery/index.ts";
import type { Principal } from "../../principal.ts";
import type { CallDestination } from "./api-destinations/call-destination.ts";
import type { BusEvent } from "./bus-event.ts";
import { busNameOf } from "./names.ts";
import type { RuleDelivery } from "./router.ts";

/** Resolves once the target has it; to a time when the target may not be called before. @throws AwsError of the target */
export type SendToTarget = (delivery: RuleDelivery, input: string) => Promise<{ untilMs: number } | undefined>;

const SERVICE = "events.amazonaws.com";

/** @param acceptOnBus puts an event on another bus */
export function createSendToTarget(
  home: HomePorts,
  acceptOnBus: (bus: string, event: BusEvent, via: readonly string[]) => void,
  callDestination: CallDestination,
): SendToTarget {
  return async (delivery, input) => {
    const { target, event } = delivery;
    const arn = target.Arn ?? "";
    const principal = targetPrincipal(delivery);
    const { service, resource } = parseArn(arn);
    if (service === "events" && resource.startsWith("event-bus/")) {
      home.authorize(principal, { action: "events:PutEvents", resource: arn });
      // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-bus-to-bus.html
      if (delivery.via !== undefined)
        throw new AwsError(
          "THIRD_ACCOUNT_HOP_DETECTED",
          `the event came from another event bus and goes no further to ${arn}`,
        );
      acceptOnBus(busNameOf(arn), event, [...(delivery.via ?? []), delivery.ruleArn]);
    } else if (service === "events" && resource.startsWith("api-destination/")) {
      home.authorize(principal, { action: "events:InvokeApiDestination", resource: arn });
      return callDestination(arn, target, event, input);
    } else if (service === "logs") {
      await sendToLogs(home, resource, event.id, input, principal);
    } else {
      const messageGroupId = target.SqsParameters?.MessageGroupId;
      await invokeTarget(home, { arn, input, principal, deliveryKey: deliveryKey(delivery), messageGroupId });
    }
    return undefined;
  };
}

/** EventBridge itself, for the rule: whom resource policies let in. */
export function principalOf({ ruleArn }: RuleDelivery): Principal {
  return { kind: "service", service: SERVICE, sourceArn: ruleArn };
}

function targetPrincipal(delivery: RuleDelivery): Principal {
  const { target, rule } = delivery;
  if (!target.RoleArn) return principalOf(delivery);
  return { kind: "role", roleArn: target.RoleArn, sessionName: `EventBridge-${rule}`.slice(0, 64) };
}

/** The same for each attempt of this delivery, another for each rule, target and replay: event id and a short hash. */
function deliveryKey({ event, ruleArn, target }: RuleDelivery): string {
  return `${event.id}_${shortHash(`${ruleArn} ${target.Id} ${event["replay-name"] ?? ""}`)}`;
}

const hashes = new Map<string, string>();
const MOST_HASHES = 10_000;

/** Kept, because there are few texts and each event asks for theirs again. */
function shortHash(text: string): string {
  const known = hashes.get(text);
  if (known !== undefined) return known;
  let hash = 0n;
  for (const char of text) hash = (hash * 1_099_511_628_211n + BigInt(char.codePointAt(0) ?? 0)) % (1n << 64n);
  if (hashes.size >= MOST_HASHES) hashes.clear();
  const written = hash.toString(16).padStart(16, "0");
  hashes.set(text, written);
  return written;
}

async function sendToLogs(
  home: HomePorts,
  resource: string,
  eventId: string,
  message: string,
  principal: Principal,
): Promise<void> {
  const logGroupName = resource.replace(/^log-group:/, "").replace(/:\*$/, "");
  const logStreamName = eventId;
  try {
    await home.call("logs", "CreateLogStream", { logGroupName, logStreamName }, principal);
  } catch (thrown) {
    if (!(thrown instanceof AwsError) || thrown.code !== "ResourceAlreadyExistsException") throw thrown;
  }
  const logEvents = [{ timestamp: home.clock.now(), message }];
  await home.call("logs", "PutLogEvents", { logGroupName, logStreamName, logEvents }, principal);
}

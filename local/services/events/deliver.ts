/** One attempt of a rule's delivery, and what happens when it is given up. */
import { compileTargetInput, type Rendered } from "../../../engine/index.ts";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import {
  type Attempt,
  type Delivery,
  failureAttributes,
  type GivenUp,
  invokeTarget,
  isRetriable,
  parseArn,
  sendDeadLetter,
} from "../../delivery/index.ts";
import type { Principal } from "../../principal.ts";
import { eventTime } from "./bus-event.ts";
import { busNameOf } from "./names.ts";
import type { Router, RuleDelivery } from "./router.ts";
import type { RuleStore } from "./rule-store.ts";

const SERVICE = "events.amazonaws.com";

/** @throws nothing: failures are the attempt's outcome */
export async function attemptDelivery(
  home: HomePorts,
  rules: RuleStore,
  router: Router,
  delivery: Delivery<RuleDelivery>,
): Promise<Attempt> {
  const { payload } = delivery;
  try {
    if (payload.deadLetter !== undefined) {
      await sendDeadLetter(home, payload.deadLetter, serviceFor(payload));
      return { outcome: "delivered" };
    }
    const input = render(payload);
    if (input.kind === "not-json") {
      // AWS accepts such a template and delivers nothing; here it is at least counted and told.
      rules.count(payload.bus, payload.rule, "dropped");
      home.log(
        "warn",
        `rule ${payload.rule}: the input for target ${payload.target.Id} is not JSON, nothing is delivered: ${input.reason}`,
      );
      return { outcome: "delivered" };
    }
    await send(home, router, payload, input.text);
    rules.count(payload.bus, payload.rule, "delivered");
    return { outcome: "delivered" };
  } catch (error) {
    return { outcome: "failed", error, retriable: isRetriable(error) };
  }
}

/** Counts the failure and hands the event to the target's dead-letter queue, where it has one, as a delivery of its own. */
export function giveUp(
  home: HomePorts,
  rules: RuleStore,
  { payload, attempts }: Delivery<RuleDelivery>,
  error: unknown,
  why: GivenUp,
): RuleDelivery | undefined {
  const { bus, rule, ruleArn, target, event } = payload;
  const reason = error instanceof Error ? error.message : String(error);
  if (payload.deadLetter !== undefined) {
    home.log(
      "error",
      `rule ${rule}: event ${event.id} is lost, its dead-letter queue ${payload.deadLetter.queueArn} refused it: ${reason}`,
    );
    return undefined;
  }
  rules.count(bus, rule, "failed");
  home.log("warn", `rule ${rule}: gave up delivering event ${event.id} to ${target.Arn}: ${reason}`);
  const queueArn = target.DeadLetterConfig?.Arn;
  if (queueArn === undefined) return undefined;
  const attributes = { RULE_ARN: ruleArn, TARGET_ARN: target.Arn ?? "", ...failureAttributes(error, why, attempts) };
  return { ...payload, deadLetter: { queueArn, body: JSON.stringify(event), attributes } };
}

function serviceFor({ ruleArn }: RuleDelivery): Principal {
  return { kind: "service", service: SERVICE, sourceArn: ruleArn };
}

function render({ target, event, rule, ruleArn, ingestedMs }: RuleDelivery): Rendered {
  const transformer = target.InputTransformer;
  const read = compileTargetInput({
    Input: target.Input,
    InputPath: target.InputPath,
    InputTransformer: transformer && {
      InputPathsMap: transformer.InputPathsMap,
      InputTemplate: transformer.InputTemplate ?? "",
    },
  });
  return read(event, { ruleArn, ruleName: rule, ingestionTime: eventTime(ingestedMs) });
}

async function send(home: HomePorts, router: Router, payload: RuleDelivery, input: string): Promise<void> {
  const { target, event, rule } = payload;
  const arn = target.Arn ?? "";
  const principal: Principal = target.RoleArn
    ? { kind: "role", roleArn: target.RoleArn, sessionName: `EventBridge-${rule}`.slice(0, 64) }
    : serviceFor(payload);
  const { service, resource } = parseArn(arn);
  if (service === "events" && resource.startsWith("event-bus/")) {
    home.authorize(principal, { action: "events:PutEvents", resource: arn });
    router.accept(busNameOf(arn), event);
    return;
  }
  if (service === "logs") return sendToLogs(home, resource, event.id, input, principal);
  await invokeTarget(home, {
    arn,
    input,
    principal,
    deliveryKey: deliveryKey(payload),
    messageGroupId: target.SqsParameters?.MessageGroupId,
  });
}

/** The same for each attempt of this delivery, another for each rule, target and replay: event id and a short hash. */
function deliveryKey({ event, ruleArn, target }: RuleDelivery): string {
  let hash = 0n;
  for (const char of `${ruleArn} ${target.Id} ${event["replay-name"] ?? ""}`) {
    hash = (hash * 1_099_511_628_211n + BigInt(char.codePointAt(0) ?? 0)) % (1n << 64n);
  }
  return `${event.id}_${hash.toString(16).padStart(16, "0")}`;
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
  await home.call(
    "logs",
    "PutLogEvents",
    { logGroupName, logStreamName, logEvents: [{ timestamp: home.clock.now(), message }] },
    principal,
  );
}

/** One attempt of a rule's delivery, and what happens when it is given up. */
import type { Target } from "@aws-sdk/client-eventbridge";
import { compileTargetInput, type Rendered } from "../../../engine/index.ts";
import type { HomePorts } from "../../define-service.ts";
import {
  type Attempt,
  type Delivery,
  failureAttributes,
  type GivenUp,
  isRetriable,
  sendDeadLetter,
} from "../../delivery/index.ts";
import { type BusEvent, eventTime } from "./bus-event.ts";
import type { RuleDelivery } from "./router.ts";
import type { RuleCounts } from "./rule-counts.ts";
import { principalOf, type SendToTarget } from "./send-to-target.ts";

export interface Deliverer {
  /** Throws nothing: failures are the attempt's outcome. */
  attempt(delivery: Delivery<RuleDelivery>): Promise<Attempt>;
  /** Counts the failure; gives what the target's dead-letter queue is to get, where it has one, as a delivery of its own. */
  giveUp(delivery: Delivery<RuleDelivery>, error: unknown, why: GivenUp): RuleDelivery | undefined;
}

type Render = ReturnType<typeof compileTargetInput>;

export function createDeliverer(home: HomePorts, counts: RuleCounts, send: SendToTarget): Deliverer {
  const renderers = new WeakMap<Target, Render>();
  const renderOf = (target: Target): Render => {
    const known = renderers.get(target);
    if (known) return known;
    const render = compileTargetInput(inputOf(target));
    renderers.set(target, render);
    return render;
  };
  const attempt = async ({ payload, attempts }: Delivery<RuleDelivery>): Promise<Attempt> => {
    const { bus, rule, target, deadLetter } = payload;
    try {
      if (deadLetter !== undefined) {
        await sendDeadLetter(home, deadLetter, principalOf(payload));
        counts.add(bus, rule, "dead_lettered");
        return { outcome: "delivered" };
      }
      const input = render(renderOf(target), payload);
      if (input.kind === "not-json") {
        // AWS accepts such a template and delivers nothing; here it is at least counted and told.
        counts.add(bus, rule, "dropped");
        home.log("warn", `rule ${rule}: the input for target ${target.Id} is not JSON: ${input.reason}`);
        return { outcome: "delivered" };
      }
      const postponed = await send(payload, input.text);
      if (postponed !== undefined) return { outcome: "postponed", untilMs: postponed.untilMs };
      counts.add(bus, rule, "attempts", "delivered", ...(attempts > 0 ? (["retries"] as const) : []));
      return { outcome: "delivered" };
    } catch (error) {
      if (deadLetter === undefined) counts.add(bus, rule, "attempts", ...(attempts > 0 ? (["retries"] as const) : []));
      return { outcome: "failed", error, retriable: isRetriable(error) };
    }
  };
  return { attempt, giveUp: (delivery, error, why) => giveUp(home, counts, delivery, error, why) };
}

function giveUp(
  home: HomePorts,
  counts: RuleCounts,
  { payload, attempts }: Delivery<RuleDelivery>,
  error: unknown,
  why: GivenUp,
): RuleDelivery | undefined {
  const { bus, rule, ruleArn, target, event, deadLetter } = payload;
  const reason = error instanceof Error ? error.message : String(error);
  if (deadLetter !== undefined) {
    counts.add(bus, rule, "dead_letters_lost");
    home.log(
      "error",
      `rule ${rule}: event ${event.id} is lost, its dead-letter queue ${deadLetter.queueArn} refused it: ${reason}`,
    );
    return undefined;
  }
  counts.add(bus, rule, "failed");
  home.log("warn", `rule ${rule}: gave up delivering event ${event.id} to ${target.Arn}: ${reason}`);
  const queueArn = target.DeadLetterConfig?.Arn;
  if (queueArn === undefined) return undefined;
  const attributes = { RULE_ARN: ruleArn, TARGET_ARN: target.Arn ?? "", ...failureAttributes(error, why, attempts) };
  return { ...payload, deadLetter: { queueArn, body: JSON.stringify(event), attributes } };
}

function render(read: Render, { event, rule, ruleArn, ingestedMs }: RuleDelivery): Rendered {
  return read(event satisfies BusEvent, {
    ruleArn,
    ruleName: rule,
    // Few inputs ask for it.
    get ingestionTime() {
      return eventTime(ingestedMs);
    },
  });
}

function inputOf({ Input, InputPath, InputTransformer }: Target) {
  const { InputPathsMap, InputTemplate = "" } = InputTransformer ?? {};
  return { Input, InputPath, InputTransformer: InputTransformer && { InputPathsMap, InputTemplate } };
}

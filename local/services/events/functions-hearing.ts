/** Which functions an event will come to, before it is there. */
import type { Foreseen } from "../../readiness.ts";
import { DEFAULT_BUS } from "./names.ts";
import type { RuleStore } from "./rule-store.ts";

const FUNCTION = /^arn:[^:]+:lambda:/;

/** The functions of the default bus's rules that name a detail-type, whatever else they ask of the event. */
export function functionsHearing(rules: RuleStore, detailType: string): Foreseen[] {
  return rules
    .list()
    .filter(({ bus, enabled, pattern }) => bus === DEFAULT_BUS && enabled && names(pattern, detailType))
    .flatMap(({ bus, name }) => rules.targets(bus, name))
    .flatMap(({ Arn = "" }) => (FUNCTION.test(Arn) ? [{ service: "lambda", name: Arn }] : []));
}

function names(pattern: string | undefined, detailType: string): boolean {
  if (pattern === undefined) return false;
  const { "detail-type": wanted }: { "detail-type"?: unknown } = JSON.parse(pattern);
  return Array.isArray(wanted) && wanted.includes(detailType);
}

/**
 * One case: a definition from the seed, whole or damaged, and everything that must hold for it.
 *   F1. Parsing never throws, whatever is cut out of the text or put into it; a diagnostic has severity, code, message and location.
 *   F2. What is accepted prints to text that parses to the same definition, and compiles.
 *   F3. Each execution of it ends with a status, or was stopped at the length given; nothing is thrown.
 *   F4. History ids count up, and each event points backwards.
 *   F5. The same seed gives the same history, also when the execution is restored from its checkpoint again and again.
 */
import { readdirSync, readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import {
  compile,
  type Definition,
  type Execution,
  type HistoryEvent,
  type MachineType,
  type ParseResult,
  parseDefinition,
  printDefinition,
  restoreExecution,
  startExecution,
} from "../../../../engine/index.ts";
import { DefinitionMaker } from "./definitions.ts";
import { Draw } from "./draw.ts";
import { type Driven, drive } from "./drive.ts";
import { input } from "./hostile.ts";
import { mutateText, mutateValue } from "./mutations.ts";

export type CaseReport = Readonly<{ accepted: boolean; status: string; events: number }>;

const SHORT = 1_500;
const WHOLE = 30_000;
const OUR_WORKFLOWS = workflowTexts();

/** @throws {Error} naming the property that does not hold */
export async function fuzzCase(seed: string): Promise<CaseReport> {
  const draw = new Draw(seed);
  const text = definitionText(draw);
  const type: MachineType = draw.chance(0.8) ? "STANDARD" : "EXPRESS";
  for (const damaged of damagedTexts(new Draw(`${seed} text`), text))
    checkDiagnostics(parseDefinition(damaged, { type }));
  const { definition, diagnostics } = parseDefinition(text, { type });
  checkDiagnostics({ diagnostics });
  if (definition === undefined) {
    hold(
      "F1",
      diagnostics.some(({ severity }) => severity === "ERROR"),
      diagnostics,
    );
    return { accepted: false, status: "REFUSED", events: 0 };
  }
  const printed = printDefinition(definition);
  hold("F2", isDeepStrictEqual(parseDefinition(printed, { type }).definition, definition), printed);
  return runTwice(definition, seed, draw);
}

function damagedTexts(draw: Draw, text: string): string[] {
  return draw.several(0, 3, () => mutateText(draw, text));
}

function checkDiagnostics({ diagnostics }: ParseResult): void {
  for (const { severity, code, message, location } of diagnostics) {
    const whole = (severity === "ERROR" || severity === "WARNING") && code !== "" && message !== "";
    hold("F1", whole && (location === undefined || typeof location === "string"), {
      severity,
      code,
      message,
      location,
    });
  }
}

async function runTwice(definition: Definition, seed: string, draw: Draw): Promise<CaseReport> {
  const machine = compile(definition);
  const options = {
    input: input(draw),
    execution: { id: "arn:execution", name: "fuzz", roleArn: "arn:role", startTimeMs: Date.UTC(2024, 0, 1) },
    stateMachine: { id: "arn:machine", name: "machine" },
    seed,
  };
  const maxEvents = draw.chance(0.02) && definition.type === "STANDARD" ? WHOLE : SHORT;
  const once = await drive(startExecution(machine, options), new Draw(`${seed} answers`), maxEvents);
  checkEnd(once);
  let inputs = 0;
  const restore = (execution: Execution): Execution => {
    inputs += 1;
    if (inputs > 50 || inputs % 3 === 0) return execution;
    return restoreExecution(machine, JSON.parse(JSON.stringify(execution.checkpoint())));
  };
  const again = await drive(startExecution(machine, options), new Draw(`${seed} answers`), maxEvents, restore);
  const difference = firstDifference(once.history, again.history);
  hold("F5", difference === undefined, difference);
  return { accepted: true, status: once.execution.status, events: once.history.length };
}

function checkEnd({ history, execution }: Driven): void {
  // A task nobody answers and no timer bounds leaves the execution waiting, as it would anywhere.
  const waits = execution.pendingEffects().length > 0;
  hold("F3", execution.outcome !== undefined || waits, { last: history.at(-1), status: execution.status });
  for (const [index, event] of history.entries()) {
    hold("F4", event.id === index + 1 && event.previousEventId < event.id, event);
  }
}

function firstDifference(left: readonly HistoryEvent[], right: readonly HistoryEvent[]): unknown {
  const length = Math.max(left.length, right.length);
  for (let at = 0; at < length; at += 1) {
    // As text: the same however deep.
    if (JSON.stringify(left[at]) !== JSON.stringify(right[at])) {
      return { at, first: left[at], again: right[at], lengths: [left.length, right.length] };
    }
  }
  return undefined;
}

function definitionText(draw: Draw): string {
  const text = OUR_WORKFLOWS.length > 0 && draw.chance(0.03) ? draw.pickAny(OUR_WORKFLOWS) : undefined;
  let value = text === undefined ? new DefinitionMaker(draw).make() : JSON.parse(text);
  if (draw.chance(0.25)) for (let times = 1 + draw.below(3); times > 0; times -= 1) value = mutateValue(draw, value);
  const whole = JSON.stringify(value, undefined, draw.below(3));
  return draw.chance(0.1) ? mutateText(draw, whole) : whole;
}

function workflowTexts(): string[] {
  const folder = new URL("../../../../workflows/", import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith(".asl.json"));
  return names.map((name) => readFileSync(new URL(name, folder), "utf8"));
}

function hold(property: string, holds: boolean, shown: unknown): void {
  if (holds) return;
  const value = typeof shown === "function" ? shown() : shown;
  throw new Error(`${property} does not hold: ${JSON.stringify(value)?.slice(0, 4_000)}`);
}

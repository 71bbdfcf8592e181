/** The lifecycle's results, as data-product-update gives them, and how they read. */
import { z } from "zod";
import { innermostReason } from "./cause.ts";
import { CommandFailure } from "./failure.ts";
import type { Followed } from "./follow.ts";
import { shortPackageName } from "./model-package-name.ts";
import { roundedIn } from "./step-result.ts";
import type { Terminal } from "./terminal.ts";

const Drift = z.looseObject({});
const Model = z.looseObject({
  model: z.string(),
  outcome: z.string(),
  reason: z.string().optional(),
  /** What the gate said. */
  comparison: z.string().nullish(),
  drift: Drift.nullish(),
  metrics: z.record(z.string(), z.number()).nullish(),
  modelPackageArn: z.string().nullish(),
  approvalStatus: z.string().nullish(),
});
const Lifecycle = z.looseObject({
  outcome: z.enum(["unchanged", "recorded", "retrained", "stopped", "duplicate", "superseded"]),
  product: z.string(),
  dataVersion: z.string(),
  reason: z.string(),
  /** Of a duplicate: the execution that works on the version. */
  holder: z.string().optional(),
  models: z.array(Model).default([]),
});
export type Lifecycle = z.infer<typeof Lifecycle>;
export type ModelOutcome = z.infer<typeof Model>;

/** What `publish --json` prints. */
export interface PublishResult {
  outcome: "unchanged" | "recorded" | "retrained" | "stopped" | "refused";
  dataVersion: string | null;
  executionArn?: string;
  drift?: unknown;
  modelPackageArn?: string;
  reason: string;
}

/** @throws CommandFailure (1) naming the failed execution, its error and cause */
export function lifecycleOf(followed: Followed): Lifecycle {
  if (followed.status !== "SUCCEEDED") {
    const reason = innermostReason(followed.cause);
    throw new CommandFailure(
      1,
      `the lifecycle ended ${followed.status}: ${followed.error ?? ""} ${reason}\n  look: npx tidemill executions show ${followed.executionArn}\n  mend, then publish again, or: npx tidemill run MODEL`,
      {
        error: followed.error,
        reason,
        cause: followed.cause,
        executionArn: followed.executionArn,
        status: followed.status,
      },
    );
  }
  return Lifecycle.parse(followed.output);
}

/** What `publish --json` prints. */
export function publishResult(lifecycle: Lifecycle, executionArn: string): PublishResult {
  const model = leading(lifecycle);
  const { outcome } = lifecycle;
  return {
    // Another execution has the version, or another version took its place: nothing was done here.
    outcome: outcome === "duplicate" || outcome === "superseded" ? "unchanged" : outcome,
    dataVersion: lifecycle.dataVersion,
    executionArn,
    ...(model?.drift ? { drift: model.drift } : {}),
    ...(model?.modelPackageArn ? { modelPackageArn: model.modelPackageArn } : {}),
    reason: lifecycle.reason,
  };
}

/** The model a result with room for one speaks of: the first that has a package, else the first. */
export function leading(lifecycle: Lifecycle): ModelOutcome | undefined {
  return lifecycle.models.find((model) => model.modelPackageArn) ?? lifecycle.models[0];
}

/** The end of a run in words: verdict, metrics, package, and what to do next. */
export function tellLifecycle(lifecycle: Lifecycle, terminal: Terminal): void {
  terminal.line("");
  const before = lifecycle.outcome === "unchanged" && lifecycle.models.length > 0 ? ", handled before:" : "";
  terminal.line(`${terminal.bold(lifecycle.outcome)}  ${lifecycle.product} ${lifecycle.dataVersion}${before}`);
  for (const model of lifecycle.models) {
    terminal.line(
      `  ${terminal.bold(model.model)} ${model.outcome}${model.reason === undefined ? "" : `: ${model.reason}`}`,
    );
    const drift = driftText(model.drift);
    if (drift !== undefined) terminal.line(`    drift    ${drift}`);
    if (model.metrics)
      terminal.line(
        `    metrics  ${Object.entries(model.metrics)
          .map(([name, value]) => `${name} ${value.toFixed(4)}`)
          .join("  ")}`,
      );
    if (model.modelPackageArn) {
      terminal.line(`    package  ${shortPackageName(model.modelPackageArn)}`);
      const why = model.approvalStatus === "Rejected" && model.comparison ? `: ${roundedIn(model.comparison)}` : "";
      if (model.approvalStatus) terminal.line(`    status   ${model.approvalStatus}${why}`);
    }
  }
  const pending = lifecycle.models.find((model) => model.approvalStatus === "PendingManualApproval");
  if (pending?.modelPackageArn) {
    terminal.line("");
    terminal.line("next:");
    terminal.line(`  approve and release   npx tidemill models approve ${shortPackageName(pending.modelPackageArn)}`);
    terminal.line(`  compare               npx tidemill models compare ${pending.model}`);
    terminal.line(`  run again             npx tidemill run ${pending.model} --force`);
  }
}

const Verdict = z.looseObject({
  verdict: z.string(),
  reason: z.string().optional(),
  moved: z.array(z.string()).optional(),
});

function driftText(drift: unknown): string | undefined {
  const parsed = Verdict.safeParse(drift);
  if (!parsed.success) return undefined;
  const { verdict, moved = [], reason } = parsed.data;
  if (verdict === "first") return "first version: there is no baseline yet";
  return `${verdict}${moved.length > 0 ? `: ${moved.join(", ")}` : ""}${reason === undefined ? "" : ` (${reason})`}`;
}

/** When a failed delivery is tried again, and when it is given up. Pure. */

export interface RetryPolicy {
  /** Attempts after the first; 0 means only one attempt. */
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
}

/** Why; the first two are what AWS puts into EXHAUSTED_RETRY_CONDITION. */
export type GivenUp = "MaximumRetryAttempts" | "MaximumEventAgeInSeconds" | "NotRetriable";

export type NextAttempt =
  | Readonly<{ kind: "again"; dueMs: number }>
  | Readonly<{ kind: "give-up"; why: Exclude<GivenUp, "NotRetriable"> }>;

export interface Failed {
  /** Failed attempts before the one that just failed. */
  readonly attempts: number;
  /** When the delivery was caused. */
  readonly firstMs: number;
  readonly nowMs: number;
}

/**
 * EventBridge's and Scheduler's default: 185 retries within 24 hours.
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html
 */
export const DEFAULT_RETRY: RetryPolicy = { maximumRetryAttempts: 185, maximumEventAgeSeconds: 86_400 };

const FIRST_DELAY_MS = 1_000;
// AWS does not publish its delays; with this cap 185 retries take 18 hours on average, within the 24.
const LONGEST_DELAY_MS = 480_000;

/** Delays double from one second up to eight minutes; half of each is jitter. `random`: 0 ≤ x < 1. */
export function nextAttempt(
  policy: RetryPolicy,
  { attempts, firstMs, nowMs }: Failed,
  random: () => number,
): NextAttempt {
  if (attempts >= policy.maximumRetryAttempts) return { kind: "give-up", why: "MaximumRetryAttempts" };
  const grown = Math.min(FIRST_DELAY_MS * 2 ** attempts, LONGEST_DELAY_MS);
  const dueMs = nowMs + Math.ceil(grown * (0.5 + random() / 2));
  return dueMs - firstMs > policy.maximumEventAgeSeconds * 1000
    ? { kind: "give-up", why: "MaximumEventAgeInSeconds" }
    : { kind: "again", dueMs };
}

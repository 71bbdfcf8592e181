/** How often a destination may be called: a bucket that holds a second's worth of calls and fills steadily. */
export interface RateLimit {
  /** Takes a call; or says when to come again, in milliseconds since the epoch. */
  take(perSecond: number, nowMs: number): number | undefined;
}

export function createRateLimit(): RateLimit {
  let calls: number | undefined;
  let filledMs = 0;
  /** Sent away and not back yet: they come one after the other, not all at once. */
  let sentAway = 0;
  return {
    take(perSecond, nowMs) {
      calls = Math.min(perSecond, (calls ?? perSecond) + ((nowMs - filledMs) / 1000) * perSecond);
      filledMs = nowMs;
      if (calls >= 1) {
        calls--;
        sentAway = Math.max(0, sentAway - 1);
        return undefined;
      }
      return nowMs + Math.ceil((++sentAway * 1000) / perSecond);
    },
  };
}

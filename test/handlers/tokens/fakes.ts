/** A token table in memory, and a record of how tasks ended. */
import type { TokenStore, WaitingToken } from "../../../handlers/tokens/token-store.ts";

export function memoryTokens(): TokenStore & { readonly kept: Map<string, WaitingToken> } {
  const kept = new Map<string, WaitingToken>();
  return {
    kept,
    put: async (token) => void kept.set(token.token, token),
    move: async (_awaited, token, state) => {
      const before = kept.get(token);
      if (before !== undefined) kept.set(token, { ...before, state });
      return before?.state;
    },
    list: async (awaited) => [...kept.values()].filter((token) => token.awaited === awaited),
    remove: async (_awaited, token) => void kept.delete(token),
  };
}

export function recordedEnds() {
  const ended: string[] = [];
  return {
    ended,
    sendSuccess: async (token: string) => void ended.push(`${token}: success`),
    sendFailure: async (token: string, error: string) => void ended.push(`${token}: ${error}`),
  };
}

/** Which account each bounded context lives in, from the CDK context. */
import type { Accounts, Context } from "./names.ts";

/** An account of the CDK context is not an account id. */
export class AccountError extends Error {
  override readonly name = "AccountError";
  readonly code = "ACCOUNT";
}

const CONTEXTS: readonly Context[] = ["producer", "governance", "ml", "observability"];
/** What the app reads of the CDK context. */
export const CONTEXT_KEYS: readonly string[] = [...CONTEXTS.map((context) => `${context}Account`), "region"];

/**
 * The account of each context. None named: all share the account that is deployed to. One left out joins a neighbour:
 * the catalog lies with the producer, alarms with what they watch, everything else with the producer.
 *
 * @param fromContext value of a key of the CDK context, such as `mlAccount`
 * @throws {@link AccountError} when a value is not twelve digits
 */
export function readAccounts(fromContext: (key: string) => unknown): Accounts {
  const [producer, governance, ml, observability] = CONTEXTS.map((context) => {
    const key = `${context}Account`;
    const value: unknown = fromContext(key);
    if (value === undefined) return undefined;
    if (typeof value === "string" && /^\d{12}$/.test(value)) return value;
    throw new AccountError(
      `-c ${key}=${String(value)}: expected an account id of twelve digits, such as 111122223333; leave it out to share an account`,
    );
  });
  const home = producer ?? governance ?? ml ?? observability;
  if (home === undefined) return {};
  return {
    producer: home,
    governance: governance ?? home,
    ml: ml ?? home,
    observability: observability ?? ml ?? home,
  };
}

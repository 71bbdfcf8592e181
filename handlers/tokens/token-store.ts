/**
 * Task tokens that wait for a completion event.
 *
 *   T1. A token is kept before what it waits for is started, so no event can come too early to find it.
 *   T2. An event only wakes: what is true is read from the service, so late, repeated and reordered events do no harm.
 */
export type TokenState =
  /** Kept, but its start has not been answered yet. */
  | "starting"
  /** Its own crawl or deployment runs. */
  | "started"
  /** Somebody else's crawl runs; this one is started when that ends. */
  | "queued"
  /** A completion event came while it was starting. */
  | "seen";

export type WaitingToken = Readonly<{ awaited: string; token: string; state: TokenState; detail: string }>;

export type TokenStore = Readonly<{
  put: (token: WaitingToken) => Promise<void>;
  /** Sets the state and returns the one before; undefined where the token is no longer kept. */
  move: (awaited: string, token: string, state: TokenState) => Promise<TokenState | undefined>;
  list: (awaited: string) => Promise<WaitingToken[]>;
  remove: (awaited: string, token: string) => Promise<void>;
}>;

/** What a crawler's tokens are kept under. */
export const crawlerKey = (name: string): string => `CRAWLER#${name}`;
/** What an endpoint's tokens are kept under. */
export const endpointKey = (name: string): string => `ENDPOINT#${name}`;

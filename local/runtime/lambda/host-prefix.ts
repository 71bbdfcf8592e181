/**
 * Lets a function's clients reach the home under a host prefix: they call StartSyncExecution at sync-127.0.0.1, and the
 * JavaScript SDK knows no setting of the environment against it.
 * Source: https://docs.aws.amazon.com/sdkref/latest/guide/feature-host-prefix.html
 */
import dns from "node:dns";

const PREFIXED = /^[a-z]+[.-](127\.0\.0\.1)$/;

const lookup = dns.lookup;

/** Every look-up of this thread, as net.connect makes them too, finds the loopback address behind the prefix. */
export function resolveHostPrefixes(): void {
  const resolving = new Proxy(lookup, {
    apply: (target, self, [host, ...rest]: [unknown, ...unknown[]]) =>
      Reflect.apply(target, self, [typeof host === "string" ? host.replace(PREFIXED, "$1") : host, ...rest]),
  });
  Object.assign(dns, { lookup: resolving });
}

/**
 * What Lambda's Node.js runtimes bring along: a function that carries no AWS SDK of its own finds the runtime's.
 * Here that is the home's, which has the clients of the services it has; wherever the home's folder is.
 */
import { createRequire, registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

const ownRequire = createRequire(import.meta.url);
const BROUGHT = /^@(aws-sdk|smithy)\//;

/** From now on packages of the SDK that are not found beside the function are looked for beside this file. */
export function bringPackages(): void {
  registerHooks({
    resolve(specifier, context, next) {
      if (!BROUGHT.test(specifier)) return next(specifier, context);
      try {
        return next(specifier, context);
      } catch (notFound) {
        try {
          // The way of require takes no other parent.
          if (context.conditions.includes("require"))
            return { url: pathToFileURL(ownRequire.resolve(specifier)).href, shortCircuit: true };
          return next(specifier, { ...context, parentURL: import.meta.url });
        } catch {
          // Named as the function asked for it.
          throw notFound;
        }
      }
    },
  });
}

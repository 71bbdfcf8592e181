/** For `client.middlewareStack.add(sendInstead(…), beforeSigning)`: what no command would send. */

export const beforeSigning = { step: "build", priority: "low", name: "sendInstead" } as const;

/** Middleware that has `body` signed and sent instead of the command's own, with these headers. */
export function sendInstead(body: string | Uint8Array, headers: Record<string, string> = {}) {
  return <Args extends { request: unknown }, Result>(next: (args: Args) => Result) =>
    (args: Args): Result => {
      const request = Object(args.request);
      request.body = body;
      Object.assign(request.headers, headers, { "content-length": String(Buffer.byteLength(body)) });
      return next(args);
    };
}

/** A service that answers every call with `{}` and remembers it: stands where a test looks at what another service is asked. */
import type { ServiceDefinition } from "../../../../local/define-service.ts";
import type { Principal } from "../../../../local/principal.ts";

export interface RecordedCall {
  operation: string;
  input: object;
  principal: Principal;
  trace?: string | undefined;
}

export function recordingService(name: string, operations: readonly string[]) {
  const calls: RecordedCall[] = [];
  const handlers = operations.map((operation) => [
    operation,
    {
      authorize: () => [],
      handle(input: object, { principal, trace }: Omit<RecordedCall, "operation" | "input">) {
        calls.push({ operation, input, principal, trace });
        return {};
      },
    },
  ]);
  const definition: ServiceDefinition<object> = {
    name,
    signingName: name,
    iamPrefix: name,
    sdk: async () => ({}),
    create: () => ({ operations: Object.fromEntries(handlers) }),
  };
  return { definition, calls };
}

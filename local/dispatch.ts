/**
 * One way into a service, for the endpoint and for services calling each other:
 * authorise → handle → make durable → answer.
 */
import { AwsError, notImplemented } from "./aws-error.ts";
import type { Authorization, Call, Operation, Service, ServiceDefinition } from "./define-service.ts";
import type { Principal } from "./principal.ts";
import type { Store } from "./store/index.ts";

export interface RunningService {
  definition: ServiceDefinition;
  service: Service<object>;
}

export type Authorize = (principal: Principal, authorization: Authorization & { action: string }) => void;

export type Dispatch = (service: string, operation: string, input: object, call: Call) => Promise<object>;

/**
 * Makes the dispatcher over the running services.
 * @throws AwsError of the dispatch: UnknownService, NotImplemented, AccessDeniedException, or what the handler threw.
 */
export function createDispatch(
  services: ReadonlyMap<string, RunningService>,
  store: Store,
  authorize: Authorize,
): Dispatch {
  const operationsOf = operationMaps();
  return async (serviceName, operationName, input, call) => {
    const running = services.get(serviceName);
    if (running === undefined) {
      throw new AwsError(
        "UnknownService",
        `no service "${serviceName}" in this home; there are ${[...services.keys()].sort().join(", ")}`,
        { status: 404 },
      );
    }
    const operations = operationsOf(running);
    const operation = operations.get(operationName);
    if (operation === undefined) throw notImplemented(serviceName, operationName, [...operations.keys()]);
    const action = `${running.definition.iamPrefix}:${operationName}`;
    for (const wanted of demands(operation, input)) authorize(call.principal, { action, ...wanted });
    try {
      return await operation.handle(input, call);
    } finally {
      // A refusal too tells of what is there already, and must not tell of what a crash would still undo.
      await store.committed();
    }
  };
}

/** A service's operations by name, put into a map once. */
function operationMaps(): (running: RunningService) => ReadonlyMap<string, Operation<object, object>> {
  const known = new WeakMap<RunningService, ReadonlyMap<string, Operation<object, object>>>();
  return (running) => {
    const operations =
      known.get(running) ?? new Map<string, Operation<object, object>>(Object.entries(running.service.operations));
    known.set(running, operations);
    return operations;
  };
}

function demands(operation: Operation<object, object>, input: object): readonly Authorization[] {
  if (operation.authorize === undefined) return [{ resource: "*" }];
  return [operation.authorize(input)].flat();
}

/**
 * The way of a service's own event: stamped, heard by the home's services after it is durable, and given to the bus.
 * Where no events service runs, events are only heard.
 */
import type { DeliveredEvent, EmittedEvent } from "./define-service.ts";
import type { Store } from "./store/index.ts";

export interface BusPort {
  emit(event: EmittedEvent): void;
  listen(listener: (event: DeliveredEvent) => void): () => void;
  setBus(accept: (event: DeliveredEvent) => void): void;
}

export interface BusPortOptions {
  store: Store;
  accountId: string;
  region: string;
  nowMs: () => number;
  uuid: () => string;
}

/** `emit` runs the bus's `accept` at once, in the same store batch as the change that caused the event. */
export function createBusPort(options: BusPortOptions): BusPort {
  const listeners = new Set<(event: DeliveredEvent) => void>();
  let accept: ((event: DeliveredEvent) => void) | undefined;
  return {
    emit(event) {
      const delivered: DeliveredEvent = {
        version: "0",
        id: options.uuid(),
        "detail-type": event["detail-type"],
        source: event.source,
        account: options.accountId,
        time: `${new Date(options.nowMs()).toISOString().slice(0, -5)}Z`,
        region: options.region,
        resources: event.resources ?? [],
        detail: event.detail,
      };
      accept?.(delivered);
      options.store.afterCommit(() => {
        for (const listener of listeners) listener(delivered);
      });
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    setBus(bus) {
      accept = bus;
    },
  };
}

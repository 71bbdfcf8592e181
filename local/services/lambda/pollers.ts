/** A poller for every enabled mapping, while the home runs. */
import type { HomePorts } from "../../define-service.ts";
import type { EventSourceMapping, EventSourceStore } from "./event-source-store.ts";
import type { MappingListener } from "./event-sources.ts";
import type { Invoker } from "./invoker.ts";
import { QueuePoller } from "./queue-poller.ts";
import type { VersionStore } from "./version-store.ts";

export class Pollers implements MappingListener {
  readonly #make: (mapping: EventSourceMapping) => QueuePoller;
  readonly #mappings: EventSourceStore;
  readonly #polling = new Map<string, QueuePoller>();
  #running = false;

  constructor(home: HomePorts, mappings: EventSourceStore, versions: VersionStore, invoker: Invoker) {
    this.#mappings = mappings;
    this.#make = (mapping) => new QueuePoller(home, versions, invoker, mapping);
  }

  start(): void {
    this.#running = true;
    for (const mapping of this.#mappings.list()) this.changed(mapping);
  }

  stop(): void {
    this.#running = false;
    for (const uuid of [...this.#polling.keys()]) this.gone(uuid);
  }

  changed(mapping: EventSourceMapping): void {
    this.gone(mapping.uuid);
    if (!this.#running || !mapping.enabled) return;
    const poller = this.#make(mapping);
    this.#polling.set(mapping.uuid, poller);
    poller.start();
  }

  gone(uuid: string): void {
    this.#polling.get(uuid)?.stop();
    this.#polling.delete(uuid);
  }
}

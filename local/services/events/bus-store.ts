/** Event buses. The default bus is always there. */
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import { ownJson, type Row, type Statement } from "../../store/index.ts";
import { CHAOS_TAG, parseChaos } from "./chaos.ts";
import { busArn, DEFAULT_BUS } from "./names.ts";

export interface Bus {
  readonly name: string;
  readonly arn: string;
  /** Description, DeadLetterConfig and the like, as given. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly policy: unknown;
  readonly tags: Readonly<Record<string, string>>;
  readonly createdMs: number;
  readonly modifiedMs: number;
}

export class BusStore {
  readonly #home: HomePorts;
  readonly #select: Statement;
  readonly #list: Statement;
  readonly #write: Statement;
  readonly #remove: Statement;
  readonly #known = new Map<string, Bus>();

  constructor(home: HomePorts) {
    this.#home = home;
    this.#select = home.store.prepare("SELECT * FROM events_buses WHERE name = ?");
    this.#list = home.store.prepare("SELECT * FROM events_buses ORDER BY name");
    this.#write = home.store.prepare(
      `INSERT INTO events_buses VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET settings = excluded.settings,
         policy = excluded.policy, tags = excluded.tags, modified_ms = excluded.modified_ms`,
    );
    this.#remove = home.store.prepare("DELETE FROM events_buses WHERE name = ?");
    if (this.find(DEFAULT_BUS) === undefined) this.create(DEFAULT_BUS, {}, {});
  }

  find(name: string): Bus | undefined {
    const known = this.#known.get(name);
    if (known) return known;
    const row = this.#select.get(name);
    if (row === undefined) return undefined;
    const bus = this.#fromRow(row);
    this.#known.set(name, bus);
    return bus;
  }

  /** @throws AwsError ResourceNotFoundException */
  get(name: string): Bus {
    const bus = this.find(name);
    if (bus === undefined) throw new AwsError("ResourceNotFoundException", `Event bus ${name} does not exist.`);
    return bus;
  }

  list(): Bus[] {
    return this.#list.all().map((row) => this.#fromRow(row));
  }

  /** @throws AwsError ResourceAlreadyExistsException */
  create(name: string, settings: Readonly<Record<string, unknown>>, tags: Readonly<Record<string, string>>): Bus {
    if (this.find(name)) throw new AwsError("ResourceAlreadyExistsException", `Event bus ${name} already exists.`);
    const now = this.#home.clock.now();
    const arn = busArn(this.#home, name);
    return this.save({ name, arn, settings, policy: undefined, tags, createdMs: now, modifiedMs: now });
  }

  /** @throws AwsError ValidationException: the tag that switches disturbances is malformed */
  save(bus: Bus): Bus {
    const chaos = bus.tags[CHAOS_TAG];
    if (chaos !== undefined) parseChaos(chaos);
    const saved = { ...bus, modifiedMs: this.#home.clock.now() };
    const policy = bus.policy === undefined ? null : JSON.stringify(bus.policy);
    this.#write.run(
      bus.name,
      JSON.stringify(bus.settings),
      policy,
      JSON.stringify(bus.tags),
      bus.createdMs,
      saved.modifiedMs,
    );
    this.#known.set(bus.name, saved);
    this.#home.policies.invalidate();
    return saved;
  }

  remove(name: string): void {
    this.#remove.run(name);
    this.#known.delete(name);
    this.#home.policies.invalidate();
  }

  #fromRow(row: Row): Bus {
    return {
      name: String(row.name),
      arn: busArn(this.#home, String(row.name)),
      settings: ownJson(row.settings),
      policy: row.policy === null ? undefined : ownJson(row.policy),
      tags: ownJson(row.tags),
      createdMs: Number(row.created_ms),
      modifiedMs: Number(row.modified_ms),
    };
  }
}

/** Connections and API destinations, as stored. */
import { z } from "zod";
import { AwsError } from "../../../aws-error.ts";
import type { HomePorts } from "../../../define-service.ts";
import type { Row, Statement } from "../../../store/index.ts";
import { AuthParameters } from "./connection-settings.ts";

const Connection = z.object({
  AuthorizationType: z.enum(["API_KEY", "BASIC", "OAUTH_CLIENT_CREDENTIALS"]),
  AuthParameters,
  Description: z.string().optional(),
  KmsKeyIdentifier: z.string().optional(),
  state: z.enum(["AUTHORIZED", "DEAUTHORIZED"]),
  authorizedMs: z.number(),
});
const Destination = z.object({
  ConnectionArn: z.string(),
  InvocationEndpoint: z.string(),
  HttpMethod: z.enum(["POST", "GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"]),
  InvocationRateLimitPerSecond: z.number().int().min(1),
  Description: z.string().optional(),
});

export interface Named<Settings> {
  readonly name: string;
  /** Part of the ARN. */
  readonly id: string;
  readonly arn: string;
  readonly settings: Settings;
  readonly createdMs: number;
  readonly modifiedMs: number;
}
export type Connection = Named<z.infer<typeof Connection>>;
export type Destination = Named<z.infer<typeof Destination>>;

/** The things of one kind, by name. */
export class NamedStore<Settings> {
  readonly #home: HomePorts;
  readonly #kind: string;
  readonly #title: string;
  readonly #read: (text: string) => Settings;
  readonly #select: Statement;
  readonly #list: Statement;
  readonly #write: Statement;
  readonly #remove: Statement;

  /** `kind`: as ARNs have it; `title`: as errors have it. */
  constructor(home: HomePorts, table: string, kind: string, title: string, read: (text: string) => Settings) {
    this.#home = home;
    this.#kind = kind;
    this.#title = title;
    this.#read = read;
    this.#select = home.store.prepare(`SELECT * FROM ${table} WHERE name = ?`);
    this.#list = home.store.prepare(`SELECT * FROM ${table} ORDER BY name`);
    this.#write = home.store.prepare(`INSERT OR REPLACE INTO ${table} VALUES (?, ?, ?, ?, ?)`);
    this.#remove = home.store.prepare(`DELETE FROM ${table} WHERE name = ?`);
  }

  arnOf(name: string, id: string): string {
    return `arn:aws:events:${this.#home.region}:${this.#home.accountId}:${this.#kind}/${name}/${id}`;
  }

  find(name: string): Named<Settings> | undefined {
    const row = this.#select.get(name);
    return row && this.#fromRow(row);
  }

  /** @throws AwsError ResourceNotFoundException */
  get(name: string): Named<Settings> {
    const found = this.find(name);
    if (found === undefined)
      throw new AwsError(
        "ResourceNotFoundException",
        `Failed to describe the ${this.#title}(s). ${this.#title} '${name}' does not exist.`,
      );
    return found;
  }

  /** @throws AwsError ResourceNotFoundException */
  byArn(arn: string): Named<Settings> {
    const name = arn.split(":").slice(5).join(":").split("/")[1] ?? "";
    const found = this.find(name);
    if (found?.arn !== arn) throw new AwsError("ResourceNotFoundException", `${this.#title} '${arn}' does not exist.`);
    return found;
  }

  list(): Named<Settings>[] {
    return this.#list.all().map((row) => this.#fromRow(row));
  }

  /** @throws AwsError ResourceAlreadyExistsException */
  create(name: string, settings: Settings): Named<Settings> {
    if (this.find(name))
      throw new AwsError("ResourceAlreadyExistsException", `${this.#title} '${name}' already exists.`);
    return this.save(name, this.#home.uuid(), settings, this.#home.clock.now());
  }

  save(name: string, id: string, settings: Settings, createdMs: number): Named<Settings> {
    const modifiedMs = this.#home.clock.now();
    this.#write.run(name, id, JSON.stringify(settings), createdMs, modifiedMs);
    return { name, id, arn: this.arnOf(name, id), settings, createdMs, modifiedMs };
  }

  remove(name: string): void {
    this.#remove.run(name);
  }

  #fromRow(row: Row): Named<Settings> {
    const [name, id] = [String(row.name), String(row.id)];
    return {
      name,
      id,
      arn: this.arnOf(name, id),
      settings: this.#read(String(row.settings)),
      createdMs: Number(row.created_ms),
      modifiedMs: Number(row.modified_ms),
    };
  }
}

export type Connections = NamedStore<Connection["settings"]>;
export type Destinations = NamedStore<Destination["settings"]>;

export function createConnections(home: HomePorts): Connections {
  return new NamedStore(home, "events_connections", "connection", "Connection", (text) =>
    Connection.parse(JSON.parse(text)),
  );
}

export function createDestinations(home: HomePorts): Destinations {
  return new NamedStore(home, "events_api_destinations", "api-destination", "ApiDestination", (text) =>
    Destination.parse(JSON.parse(text)),
  );
}

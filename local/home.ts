/**
 * The embedded home: services over one store behind one endpoint. See docs/reference/home.md for its folder.
 *
 * Opening order: lock, store, services (tables), endpoint listens, then `start()` of each service (recovery, timers).
 * The assembly is applied by the caller between `openHome` and `home.start()`.
 */
import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import { createAssetRegistry } from "./assembly/index.ts";
import { createBusPort } from "./bus-port.ts";
import { type Clock, guardedClock, systemClock } from "./clock.ts";
import { type Credentials, openCredentials } from "./credentials.ts";
import type { Call, HomePorts, ResourceType, ServiceDefinition } from "./define-service.ts";
import { createDispatch, type Dispatch, type RunningService } from "./dispatch.ts";
import { Guests } from "./endpoint/guests.ts";
import { OperationResolver } from "./endpoint/resolve-operation.ts";
import { type EndpointOptions, listen } from "./endpoint/server.ts";
import { type HomeLock, lockHome } from "./home-lock.ts";
import { createAuthorizer, createPolicyRegistry } from "./iam/index.ts";
import { keepPort, lastPort } from "./last-port.ts";
import { keepModuleScope } from "./module-scope.ts";
import { type Place, placeOf } from "./place.ts";
import type { Principal } from "./principal.ts";
import { createReadiness } from "./readiness.ts";
import { services as allServices } from "./services/index.ts";
import { openStore, type Store, StoreFailedError } from "./store/index.ts";
import { tellOnce } from "./told-once.ts";

/** Where a home lies and what it is made of; all but the folder has a default. */
export interface HomeOptions {
  /** The home's folder; made when missing. */
  directory: string;
  /** 0: any free port; absent: the one it had last, or any free one where that is taken. */
  port?: number;
  /** Default: every service there is. */
  services?: readonly ServiceDefinition[];
  clock?: Clock;
  uuid?: () => string;
  /** Where a home that is new is: one that was made stays where it is. */
  accountId?: string | undefined;
  region?: string | undefined;
  log?: HomePorts["log"];
  /** Starts ahead of work what work would wait for (see readiness.ts); default false. */
  prepare?: boolean;
}

/** An open home: its endpoint listens, and its folder is locked until `close`. */
export interface Home {
  readonly endpoint: string;
  readonly region: string;
  readonly accountId: string;
  readonly directory: string;
  readonly ports: HomePorts;
  readonly resourceTypes: ReadonlyMap<string, ResourceType>;
  /** Resolves when the folder was moved or removed: what is written is lost, or elsewhere, and the home should be closed. */
  readonly displaced: Promise<void>;
  /** Resolves when the store took no more (see store.ts): every call fails from then on, and the home should be closed. */
  readonly failed: Promise<StoreFailedError>;
  /** Commands of other processes that use this home at the moment. */
  readonly guests: Pick<Guests, "count" | "left">;
  /** For `new XClient(home.clientConfig())`. */
  clientConfig(): ClientConfig;
  /** Recovers what was in flight, starts timers, and lets other processes find the home; call once, after the assembly is applied. */
  start(): Promise<void>;
  close(): Promise<void>;
}

/** What an SDK client has to know of a home; good for every service, S3 among them. */
export interface ClientConfig {
  endpoint: string;
  region: string;
  credentials: { accessKeyId: string; secretAccessKey: string };
  forcePathStyle: true;
  /** A home has one host: no sync-127.0.0.1. */
  disableHostPrefix: true;
}

/** How long the folder may be gone before that is seen. */
const LOOK_MS = 2_000;

/** @throws HomeInUseError, HomeFileError, StoreFailedError, EADDRINUSE of the port */
export async function openHome(options: HomeOptions): Promise<Home> {
  const directory = resolve(options.directory);
  const lock = lockHome(directory);
  try {
    return await openLocked(options, directory, lock);
  } catch (thrown) {
    lock.release();
    throw thrown;
  }
}

async function openLocked(given: HomeOptions, directory: string, lock: HomeLock): Promise<Home> {
  const telling = tellOnce(given.log);
  const options = { ...given, log: telling.log };
  keepModuleScope(directory);
  const standsAt = placeOf(directory, options);
  const store = openStore(resolve(directory, "home.db"), {
    onFailure: telling.fail,
    onEffectThrew: (thrown) => logUnlessTold(options, "what was to be done after a write failed", thrown),
  });
  try {
    const { accountId } = standsAt;
    const credentials = openCredentials(directory, accountId);
    const home = assembleServices({ options, directory, store, place: standsAt, credentials });
    const { server, url } = await listenForHome(home.endpointOptions, directory, options);
    home.setUrl(url);
    const place = watchPlace(lock, home.ports);
    return {
      displaced: place.lost,
      failed: telling.failed,
      guests: home.guests,
      endpoint: url,
      region: home.ports.region,
      accountId,
      directory,
      ports: home.ports,
      resourceTypes: home.resourceTypes,
      clientConfig: () => ({
        endpoint: url,
        region: home.ports.region,
        credentials: { accessKeyId: credentials.keys.accessKeyId, secretAccessKey: credentials.keys.secretAccessKey },
        forcePathStyle: true,
        disableHostPrefix: true,
      }),
      async start() {
        for (const { service } of home.running.values()) await service.start?.();
        lock.publish({ endpoint: url, region: home.ports.region, accountId, pid: process.pid });
        home.readiness.begin();
      },
      async close() {
        home.readiness.end();
        place.stop();
        server.close();
        for (const { service } of [...home.running.values()].reverse()) await service.stop?.();
        server.closeAllConnections();
        store.close();
        lock.release();
      },
    };
  } catch (thrown) {
    store.close();
    throw thrown;
  }
}

/** Looks once in a while whether the home's folder is where it was. By the machine's clock: a given one may pass a year at once. */
function watchPlace(lock: HomeLock, { log, directory }: HomePorts) {
  const lost = Promise.withResolvers<void>();
  const look = () => {
    if (lock.isInPlace()) return systemClock.at(systemClock.now() + LOOK_MS, again);
    log("error", `${directory} was moved or removed while the home ran; start it again where it is now`);
    lost.resolve();
    return () => undefined;
  };
  let cancel = look();
  function again() {
    cancel = look();
  }
  return { lost: lost.promise, stop: () => cancel() };
}

/** Of a store that failed, everybody was told when it did. */
function logUnlessTold({ log }: HomeOptions, message: string, thrown: unknown): void {
  if (thrown instanceof StoreFailedError) return;
  log?.("error", message, { error: thrown instanceof Error ? thrown.stack : String(thrown) });
}

async function listenForHome(endpoint: EndpointOptions, directory: string, { port, log }: HomeOptions) {
  const before = lastPort(directory);
  const listening =
    port === undefined && before !== undefined
      ? ((await listenUnlessTaken(endpoint, before)) ?? (await listen(endpoint, 0)))
      : await listen(endpoint, port ?? 0);
  const now = Number(new URL(listening.url).port);
  if (port === undefined && before !== undefined && now !== before)
    log?.("warn", `port ${before}, where this home answered last, is taken: queue URLs handed out then lead nowhere`);
  keepPort(directory, now);
  return listening;
}

async function listenUnlessTaken(endpoint: EndpointOptions, port: number) {
  try {
    return await listen(endpoint, port);
  } catch (thrown) {
    if (thrown instanceof Error && "code" in thrown && thrown.code === "EADDRINUSE") return undefined;
    throw thrown;
  }
}

interface Parts {
  options: HomeOptions;
  directory: string;
  store: Store;
  place: Place;
  credentials: Credentials;
}

function assembleServices({ options, directory, store, place, credentials }: Parts) {
  const clock = guardedClock(options.clock ?? systemClock, (thrown) =>
    logUnlessTold(options, "what was to be done at a time failed", thrown),
  );
  const uuid = options.uuid ?? randomUUID;
  const { accountId, region } = place;
  const log = options.log ?? (() => undefined);
  const policies = createPolicyRegistry();
  const authorize = createAuthorizer(policies, { accountId });
  const running = new Map<string, RunningService>();
  const dispatch: Dispatch = createDispatch(running, store, authorize);
  let url = "";
  const definitions = options.services ?? allServices;
  const resolver = new OperationResolver(definitions);
  const bus = createBusPort({ store, accountId, region, nowMs: clock.now, uuid });
  const readiness = createReadiness({ enabled: options.prepare ?? false, clock, log, listen: bus.listen });
  const ports: HomePorts = {
    accountId,
    region,
    directory,
    clock,
    store,
    uuid,
    policies,
    authorize,
    log,
    ...bus,
    onWork: readiness.onWork,
    sign: readiness.sign,
    onStarted: readiness.onStarted,
    onForeseen: readiness.onForeseen,
    foresee: readiness.foresee,
    assets: createAssetRegistry(directory),
    endpointUrl: () => url,
    credentialsFor: (roleArn, sessionName) => credentials.forRole(roleArn, sessionName, clock.now()),
    schema(service) {
      const definition = definitions.find(({ name }) => name === service);
      return definition === undefined ? undefined : resolver.schema(definition);
    },
    call: (service, operation, input, principal, signal, trace) =>
      dispatch(service, operation, input, new InnerCall(principal, uuid, signal, trace)),
  };
  const resourceTypes = new Map<string, ResourceType>();
  for (const definition of definitions) {
    const service = definition.create(ports);
    running.set(definition.name, { definition, service });
    for (const [type, resource] of Object.entries(service.resources ?? {})) resourceTypes.set(type, resource);
  }
  const ownView = (service: string, view: string, query: URLSearchParams): unknown =>
    running.get(service)?.service.views?.[view]?.(query);
  const guests = new Guests();
  const endpointOptions = { resolver, dispatch, credentials, clock, uuid, log, ownView, ownPage: guests.take };
  const setUrl = (value: string) => {
    url = value;
  };
  return { ports, running, resourceTypes, endpointOptions, setUrl, readiness, guests };
}

/** A service's call to another. Its id and signal are made when they are asked for: most calls ask for neither. */
class InnerCall implements Call {
  readonly principal: Principal;
  readonly trace: string | undefined;
  readonly #uuid: () => string;
  #requestId: string | undefined;
  #signal: AbortSignal | undefined;

  constructor(principal: Principal, uuid: () => string, signal: AbortSignal | undefined, trace: string | undefined) {
    this.principal = principal;
    this.trace = trace;
    this.#uuid = uuid;
    this.#signal = signal;
  }

  get requestId(): string {
    this.#requestId ??= this.#uuid();
    return this.#requestId;
  }

  get signal(): AbortSignal {
    this.#signal ??= new AbortController().signal;
    return this.#signal;
  }
}

/**
 * The one shape of a service in the embedded home.
 *
 * A folder under `local/services/` exports one `defineService({...})`. The endpoint needs no code per service: it decodes
 * and encodes with the schemas the service's own `@aws-sdk/client-*` exports. A service reaches others only through
 * `home.call` (authorised as the principal it names), never by importing them.
 */
import type { z } from "zod";
import type { Clock } from "./clock.ts";
import type { ServiceSchema } from "./endpoint/sdk-schema.ts";
import type { Principal } from "./principal.ts";
import type { Foreseen } from "./readiness.ts";
import type { Store } from "./store/index.ts";

/** A module of the AWS SDK: its `XCommand` classes type the operations, its `X$` schemas drive the wire. */
export type SdkModule = object;

type CommandClass = abstract new (...args: never[]) => { resolveMiddleware: (...args: never[]) => unknown };
type InputOf<C extends CommandClass> = ConstructorParameters<C>[0];
type OutputOf<C extends CommandClass> = InstanceType<C>["resolveMiddleware"] extends (
  ...args: never[]
) => (...args: never[]) => Promise<{ output: infer O }>
  ? Omit<O, "$metadata">
  : never;

/** Operation name → handler, typed by the SDK's own command classes; any subset may be built. */
export type Operations<M extends SdkModule> = {
  [K in keyof M as K extends `${infer Name}Command` ? Name : never]?: M[K] extends CommandClass
    ? Operation<NonNullable<InputOf<M[K]>>, OutputOf<M[K]>>
    : never;
};

export interface Operation<Input, Output> {
  /**
   * What IAM decides on before `handle` runs: one or more (action, resource ARN) pairs, all of which must be allowed.
   * Default: the action `<iamPrefix>:<OperationName>` on "*". An empty list is allowed to anyone who signed.
   */
  authorize?: (input: Input) => Authorization | readonly Authorization[];
  handle: (input: Input, call: Call) => Output | Promise<Output>;
}

export interface Authorization {
  /** Without it: `<iamPrefix>:<OperationName>`. */
  action?: string;
  /** ARN, or "*" where AWS has no resource level. */
  resource: string;
  /** Condition keys, e.g. { "iam:PassedToService": "sagemaker.amazonaws.com" }. */
  context?: Readonly<Record<string, string | readonly string[]>>;
}

/** One call: who makes it and how it may end early. */
export interface Call {
  principal: Principal;
  requestId: string;
  /** Aborted when the caller went away or the home stops. */
  signal: AbortSignal;
  /** The X-Ray trace header (x-amzn-trace-id) the caller sent. */
  trace?: string | undefined;
}

/** What CloudFormation knows of a resource: `physicalId` answers Ref, `attributes` answer Fn::GetAtt. */
export interface ResourceState {
  physicalId: string;
  attributes: Readonly<Record<string, unknown>>;
}

export interface ResourceContext {
  stackName: string;
  logicalId: string;
  /** A name as CloudFormation makes one: `<stack>-<logicalId>-<suffix>`, stable for the same stack and logical id; cut to `maxLength`. */
  generateName(maxLength?: number): string;
}

/**
 * A CloudFormation type. `properties` come with every intrinsic resolved; parse them with zod at the top of each function
 * and refuse with a clear message what is not supported.
 */
export interface ResourceType {
  /**
   * What the type takes. Templates are held against it before anything is created, and their scalars made to fit, as
   * CloudFormation reads "5" where a number is due; give a `z.strictObject`, so that what is not acted on is refused.
   */
  properties?: z.ZodType;
  /** It is made by the function that its ServiceToken names, which is therefore made, too. */
  byFunction?: true;
  /**
   * What of a template's `properties`, with their intrinsics as they stand, this home cannot make; undefined: nothing seen.
   * Asked before anything of an assembly is created.
   */
  unsupported?(properties: Readonly<Record<string, unknown>>): string | undefined;
  create(properties: unknown, context: ResourceContext): ResourceState | Promise<ResourceState>;
  /** In place; answer "replace" where CloudFormation would replace. Without it every change replaces. */
  update?(
    properties: unknown,
    current: ResourceState,
    context: ResourceContext,
    previousProperties: unknown,
  ): ResourceState | "replace" | Promise<ResourceState | "replace">;
  delete(current: ResourceState, context: ResourceContext): void | Promise<void>;
}

/** An event as it goes onto a bus; id, time, account and region are filled in. */
export interface EmittedEvent {
  source: string;
  "detail-type": string;
  detail: unknown;
  resources?: readonly string[];
}

export type DeliveredEvent = Required<EmittedEvent> & {
  version: "0";
  id: string;
  account: string;
  time: string;
  region: string;
};

export interface RoleCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
}

/** What a service may use of the home. */
export interface HomePorts {
  readonly accountId: string;
  readonly region: string;
  /** The home's folder; a service keeps its files under `join(directory, <service name>)`. */
  readonly directory: string;
  readonly clock: Clock;
  readonly store: Store;
  /** URL of the endpoint, for AWS_ENDPOINT_URL of user code; known once the home listens. */
  endpointUrl(): string;
  /** UUIDs and random bytes as ports, so tests can seed them. */
  uuid(): string;
  /**
   * Calls another service's operation as `principal`: authorised, then handled, then made durable. Input and output are in
   * the SDK's shapes (Uint8Array, Date, streams as Readable). Throws AwsError, AccessDeniedException included.
   */
  call(
    service: string,
    operation: string,
    input: object,
    principal: Principal,
    signal?: AbortSignal,
    /** The trace header of what this call is made for. */
    trace?: string,
  ): Promise<unknown>;
  /** The SDK's schemas of a service by its dispatch name (loaded on first use); undefined when the home has no such service. */
  schema(service: string): Promise<ServiceSchema> | undefined;
  /** Asks IAM only: throws AccessDeniedException when `principal` may not do `action` on `resource`. */
  authorize(
    principal: Principal,
    authorization: Required<Pick<Authorization, "action" | "resource">> & Authorization,
  ): void;
  /** Puts an AWS service's own event on the default bus, within the store's open batch. */
  emit(event: EmittedEvent): void;
  /** Hears every event emitted on the default bus, after it is durable (for `.sync` integrations). Returns the unsubscribe. */
  listen(listener: (event: DeliveredEvent) => void): () => void;
  /** Calls `prepare` whenever work is likely, to start what it would wait for; never in a home that does not prepare. */
  onWork(prepare: () => void): void;
  /** Says that work is likely, besides events on the bus. */
  sign(): void;
  /** Asks for `pieces` once the home has started, and works them off one by one; never in a home that does not prepare. */
  onStarted(pieces: () => readonly (() => unknown)[]): void;
  /** Says what something that has begun will call, in order; the same list once in a while only. */
  foresee(things: readonly Foreseen[]): void;
  /** Calls `prepare` with what is foreseen of a service, one thing of the home after the other; never in a home that does not prepare. */
  onForeseen(service: string, prepare: (name: string) => Promise<unknown>): void;
  /** The events service registers itself here as the default bus. */
  setBus(accept: (event: DeliveredEvent) => void): void;
  /** Signing credentials of a role session, for user code run as that role (Lambda, jobs). */
  credentialsFor(roleArn: string, sessionName: string): RoleCredentials;
  /** Services holding policies register here; the decision asks them: role ARN → policy documents, or resource ARN → its policy. */
  policies: PolicyRegistry;
  /** Where a file or zip asset of the assembly lies on disk (a folder for zip assets), by its bucket and key. */
  assets: AssetRegistry;
  log(level: "debug" | "info" | "warn" | "error", message: string, fields?: Record<string, unknown>): void;
}

export interface PolicyRegistry {
  /** IAM service: the policies of a role (inline and attached), its trust policy. */
  setRoleSource(source: (roleArn: string) => RolePolicies | undefined): void;
  /** A service with resource policies (sqs, s3, lambda, sns): ARN → policy document, undefined when none. `service` is the ARN's service part. */
  setResourceSource(service: string, source: (resourceArn: string) => unknown): void;
  /** The role's policies, for services that check trust (iam:PassRole, sts:AssumeRole). */
  role(roleArn: string): RolePolicies | undefined;
  /** Drops cached decisions after any policy changed. */
  invalidate(): void;
}

export interface RolePolicies {
  roleArn: string;
  /** Name and document of each identity policy. */
  policies: readonly { name: string; document: unknown }[];
  trust: unknown;
  permissionsBoundary?: unknown;
}

export interface AssetRegistry {
  /** Path on disk, or undefined when the bucket and key are not an asset of an assembly. */
  locate(bucket: string, key: string): string | undefined;
}

/** A running service. */
export interface Service<M extends SdkModule> {
  operations: Operations<M>;
  /** CloudFormation type → how it is made, e.g. "AWS::SQS::Queue". */
  resources?: Readonly<Record<string, ResourceType>>;
  /** What AWS's API has no operation for: answered as JSON at /_tidemill/SERVICE/VIEW, to the home's own user. */
  views?: Readonly<Record<string, (query: URLSearchParams) => unknown>>;
  /** After all services exist and the assembly is applied: recover, start timers. */
  start?(): void | Promise<void>;
  /** Orderly end; must be safe to skip (kill -9). */
  stop?(): void | Promise<void>;
}

export interface ServiceDefinition<M extends SdkModule = SdkModule> {
  /** Folder and dispatch name, e.g. "states". */
  name: string;
  /** The service part of the credential scope and of the client's host, where it differs from `name`. */
  signingName: string;
  /** Prefix of IAM actions. */
  iamPrefix: string;
  /** The SDK client module; loaded when first needed. */
  sdk: () => Promise<M>;
  create: (home: HomePorts) => Service<M>;
}

/** Declares a service. Give the SDK module as type argument, `defineService<typeof import("@aws-sdk/client-ssm")>`: it types every operation. */
export function defineService<M extends SdkModule>(definition: ServiceDefinition<M>): ServiceDefinition<M> {
  return definition;
}

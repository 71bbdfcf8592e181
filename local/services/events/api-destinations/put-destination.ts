/** Making and changing connections and API destinations, with AWS's checks; for the operations and for CloudFormation. */
import type { CreateApiDestinationRequest, CreateConnectionRequest } from "@aws-sdk/client-eventbridge";
import { AwsError } from "../../../aws-error.ts";
import type { HomePorts } from "../../../define-service.ts";
import { checkName } from "../names.ts";
import { type AuthorizationType, AuthParameters, PARAMETERS_OF } from "./connection-settings.ts";
import type { Connection, Connections, Destination, Destinations } from "./destination-store.ts";
import { isLoopback } from "./loopback.ts";

export interface DestinationParts {
  readonly home: HomePorts;
  readonly connections: Connections;
  readonly destinations: Destinations;
}

const DEFAULT_RATE = 300;
const METHODS = ["POST", "GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"] as const;

type Given<T> = { [K in keyof T]?: T[K] | undefined };
/** Parsed here, so that templates may bring it as they have it. */
type GivenConnection = Given<Omit<CreateConnectionRequest, "AuthParameters">> & { AuthParameters?: unknown };

/** @throws AwsError ValidationException, ResourceAlreadyExistsException */
export function createConnection({ home, connections }: DestinationParts, input: GivenConnection): Connection {
  const name = checkName(input.Name, "name", 64);
  return connections.create(name, connectionSettings(home, input));
}

/** What is not given stays. @throws AwsError ValidationException, ResourceNotFoundException */
export function updateConnection({ home, connections }: DestinationParts, name: string, input: object): Connection {
  const { id, createdMs, settings } = connections.get(name);
  return connections.save(name, id, connectionSettings(home, { ...settings, ...given(input) }), createdMs);
}

/** @throws AwsError ValidationException, ResourceNotFoundException, ResourceAlreadyExistsException */
export function createDestination(parts: DestinationParts, input: Given<CreateApiDestinationRequest>): Destination {
  const name = checkName(input.Name, "name", 64);
  return parts.destinations.create(name, destinationSettings(parts, name, input));
}

/** What is not given stays. @throws AwsError ValidationException, ResourceNotFoundException */
export function updateDestination(parts: DestinationParts, name: string, input: object): Destination {
  const { id, createdMs, settings } = parts.destinations.get(name);
  return parts.destinations.save(
    name,
    id,
    destinationSettings(parts, name, { ...settings, ...given(input) }),
    createdMs,
  );
}

export function stateOf({ connections }: DestinationParts, destination: Destination): "ACTIVE" | "INACTIVE" {
  const connection = connections.list().find(({ arn }) => arn === destination.settings.ConnectionArn);
  return connection?.settings.state === "AUTHORIZED" ? "ACTIVE" : "INACTIVE";
}

function connectionSettings(home: HomePorts, input: GivenConnection): Connection["settings"] {
  const type: AuthorizationType | undefined = input.AuthorizationType;
  if (type === undefined) throw invalid("Parameter AuthorizationType is not valid. Reason: it is required.");
  const auth = AuthParameters.safeParse(input.AuthParameters);
  if (!auth.success) {
    const [issue] = auth.error.issues;
    throw invalid(`Parameter AuthParameters.${issue?.path.join(".")} is not valid. Reason: ${issue?.message}.`);
  }
  if (auth.data[PARAMETERS_OF[type]] === undefined) {
    throw invalid(
      `Parameter AuthParameters is not valid. Reason: AuthorizationType ${type} needs ${PARAMETERS_OF[type]}.`,
    );
  }
  return {
    AuthorizationType: type,
    AuthParameters: auth.data,
    Description: input.Description,
    KmsKeyIdentifier: input.KmsKeyIdentifier,
    state: "AUTHORIZED",
    authorizedMs: home.clock.now(),
  };
}

function destinationSettings(
  { home, connections }: DestinationParts,
  name: string,
  input: Given<CreateApiDestinationRequest>,
): Destination["settings"] {
  const { ConnectionArn = "", InvocationEndpoint = "", InvocationRateLimitPerSecond: rate = DEFAULT_RATE } = input;
  connections.byArn(ConnectionArn);
  const method = METHODS.find((known) => known === input.HttpMethod);
  if (method === undefined)
    throw invalid(`Parameter HttpMethod is not valid. Reason: expected one of ${METHODS.join(", ")}.`);
  const url = InvocationEndpoint.replaceAll("*", "x");
  if (!URL.canParse(url) || !/^https?:/.test(url))
    throw invalid(`Parameter InvocationEndpoint is not valid. Reason: ${InvocationEndpoint} is no http or https URL.`);
  if (!Number.isInteger(rate) || rate < 1)
    throw invalid("Parameter InvocationRateLimitPerSecond is not valid. Reason: Must be at least 1.");
  if (!isLoopback(url))
    home.log(
      "warn",
      `API destination ${name} is at ${InvocationEndpoint}: a home calls loopback hosts only, its deliveries will fail`,
    );
  return {
    ConnectionArn,
    InvocationEndpoint,
    HttpMethod: method,
    InvocationRateLimitPerSecond: rate,
    Description: input.Description,
  };
}

function given(input: object): object {
  return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}

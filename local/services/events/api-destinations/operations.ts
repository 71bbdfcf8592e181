/** Operations on connections and API destinations. */
import type { Operations } from "../../../define-service.ts";
import { paged } from "../paging.ts";
import { withoutSecrets } from "./connection-settings.ts";
import type { Connection, Destination } from "./destination-store.ts";
import {
  createConnection,
  createDestination,
  type DestinationParts,
  stateOf,
  updateConnection,
  updateDestination,
} from "./put-destination.ts";

type EventBridge = typeof import("@aws-sdk/client-eventbridge");

export function destinationOperations(parts: DestinationParts): Operations<EventBridge> {
  const { destinations } = parts;
  const onDestination = ({ Name = "" }) => ({ resource: destinations.arnOf(Name, destinations.find(Name)?.id ?? "*") });
  const answer = (destination: Destination) => ({
    ApiDestinationArn: destination.arn,
    ApiDestinationState: stateOf(parts, destination),
    ...times(destination),
  });
  const shown = (destination: Destination) => {
    const { Description, ...listed } = destination.settings;
    return { Name: destination.name, ...answer(destination), ...listed };
  };
  return {
    ...connectionOperations(parts),
    CreateApiDestination: {
      authorize: onDestination,
      handle: (input) => answer(createDestination(parts, input)),
    },
    UpdateApiDestination: {
      authorize: onDestination,
      handle: ({ Name = "", ...input }) => answer(updateDestination(parts, Name, input)),
    },
    DeleteApiDestination: {
      authorize: onDestination,
      handle({ Name = "" }) {
        destinations.remove(destinations.get(Name).name);
        return {};
      },
    },
    DescribeApiDestination: {
      authorize: onDestination,
      handle({ Name = "" }) {
        const destination = destinations.get(Name);
        return { ...shown(destination), Description: destination.settings.Description };
      },
    },
    ListApiDestinations: {
      handle({ NamePrefix = "", ConnectionArn, Limit, NextToken }) {
        const all = destinations
          .list()
          .filter(({ name }) => name.startsWith(NamePrefix))
          .filter(({ settings }) => ConnectionArn === undefined || settings.ConnectionArn === ConnectionArn);
        const { page, ...token } = paged(all, Limit, NextToken);
        return { ApiDestinations: page.map(shown), ...token };
      },
    },
  };
}

function connectionOperations(parts: DestinationParts): Operations<EventBridge> {
  const { home, connections } = parts;
  const onConnection = ({ Name = "" }) => ({ resource: connections.arnOf(Name, connections.find(Name)?.id ?? "*") });
  const secretArn = ({ name, id }: Connection) =>
    `arn:aws:secretsmanager:${home.region}:${home.accountId}:secret:events!connection/${name}/${id}`;
  const answer = (connection: Connection) => ({
    ConnectionArn: connection.arn,
    ConnectionState: connection.settings.state,
    LastAuthorizedTime: new Date(connection.settings.authorizedMs),
    ...times(connection),
  });
  return {
    CreateConnection: { authorize: onConnection, handle: (input) => answer(createConnection(parts, input)) },
    UpdateConnection: {
      authorize: onConnection,
      handle: ({ Name = "", ...input }) => answer(updateConnection(parts, Name, input)),
    },
    DeauthorizeConnection: {
      authorize: onConnection,
      handle({ Name = "" }) {
        const { id, createdMs, settings } = connections.get(Name);
        return answer(
          connections.save(Name, id, { ...settings, AuthParameters: {}, state: "DEAUTHORIZED" }, createdMs),
        );
      },
    },
    DeleteConnection: {
      authorize: onConnection,
      handle({ Name = "" }) {
        const connection = connections.get(Name);
        connections.remove(Name);
        return answer(connection);
      },
    },
    DescribeConnection: {
      authorize: onConnection,
      handle({ Name = "" }) {
        const connection = connections.get(Name);
        const { AuthorizationType, AuthParameters, Description } = connection.settings;
        return {
          Name,
          ...answer(connection),
          SecretArn: secretArn(connection),
          AuthorizationType,
          AuthParameters: withoutSecrets(AuthParameters),
          Description,
        };
      },
    },
    ListConnections: {
      handle({ NamePrefix = "", ConnectionState, Limit, NextToken }) {
        const all = connections
          .list()
          .filter(({ name }) => name.startsWith(NamePrefix))
          .filter(({ settings }) => ConnectionState === undefined || settings.state === ConnectionState);
        const { page, ...token } = paged(all, Limit, NextToken);
        const shown = page.map((connection) => ({
          Name: connection.name,
          AuthorizationType: connection.settings.AuthorizationType,
          ...answer(connection),
        }));
        return { Connections: shown, ...token };
      },
    },
  };
}

function times({ createdMs, modifiedMs }: { createdMs: number; modifiedMs: number }) {
  return { CreationTime: new Date(createdMs), LastModifiedTime: new Date(modifiedMs) };
}

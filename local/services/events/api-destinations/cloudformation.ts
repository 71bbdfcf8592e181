/** AWS::Events::Connection and AWS::Events::ApiDestination. */
import { z } from "zod";
import type { ResourceType } from "../../../define-service.ts";
import {
  createConnection,
  createDestination,
  type DestinationParts,
  updateConnection,
  updateDestination,
} from "./put-destination.ts";

const ConnectionProperties = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  AuthorizationType: z.enum(["API_KEY", "BASIC", "OAUTH_CLIENT_CREDENTIALS"]),
  AuthParameters: z.looseObject({}),
  KmsKeyIdentifier: z.string().optional(),
});
const DestinationProperties = z.strictObject({
  Name: z.string().optional(),
  Description: z.string().optional(),
  ConnectionArn: z.string(),
  InvocationEndpoint: z.string(),
  HttpMethod: z.enum(["POST", "GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"]),
  InvocationRateLimitPerSecond: z.coerce.number().optional(),
});

export function destinationResources(parts: DestinationParts): Readonly<Record<string, ResourceType>> {
  const secretArn = (name: string, id: string) =>
    `arn:aws:secretsmanager:${parts.home.region}:${parts.home.accountId}:secret:events!connection/${name}/${id}`;
  return {
    "AWS::Events::Connection": {
      properties: ConnectionProperties,
      create(properties, context) {
        const { Name, ...rest } = ConnectionProperties.parse(properties);
        const { name, id, arn } = createConnection(parts, {
          ...rest,
          Name: Name ?? context.generateName(64),
        });
        return {
          physicalId: name,
          attributes: { Arn: arn, ArnForPolicy: policyArn(arn), SecretArn: secretArn(name, id) },
        };
      },
      update(properties, current) {
        const { Name, ...rest } = ConnectionProperties.parse(properties);
        if (Name !== undefined && Name !== current.physicalId) return "replace";
        updateConnection(parts, current.physicalId, rest);
        return current;
      },
      delete: ({ physicalId }) => parts.connections.remove(physicalId),
    },
    "AWS::Events::ApiDestination": {
      properties: DestinationProperties,
      create(properties, context) {
        const { Name, ...rest } = DestinationProperties.parse(properties);
        const { name, arn } = createDestination(parts, { ...rest, Name: Name ?? context.generateName(64) });
        return { physicalId: name, attributes: { Arn: arn, ArnForPolicy: policyArn(arn) } };
      },
      update(properties, current) {
        const { Name, ...rest } = DestinationProperties.parse(properties);
        if (Name !== undefined && Name !== current.physicalId) return "replace";
        updateDestination(parts, current.physicalId, rest);
        return current;
      },
      delete: ({ physicalId }) => parts.destinations.remove(physicalId),
    },
  };
}

/** The ARN without its id, as policies name it. */
function policyArn(arn: string): string {
  return arn.slice(0, arn.lastIndexOf("/"));
}

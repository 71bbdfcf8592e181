/** How a connection authorizes the calls made through it, as given and as shown: secrets go in and never come out. */
import { z } from "zod";

const Parameter = z.object({ Key: z.string(), Value: z.string().optional(), IsValueSecret: z.boolean().optional() });
const HttpParameters = z.object({
  HeaderParameters: z.array(Parameter).max(100).optional(),
  QueryStringParameters: z.array(Parameter).max(100).optional(),
  BodyParameters: z.array(Parameter).max(100).optional(),
});
const ApiKey = z.object({ ApiKeyName: z.string().min(1), ApiKeyValue: z.string().min(1) });
const Basic = z.object({ Username: z.string().min(1), Password: z.string().min(1) });
const OAuth = z.object({
  ClientParameters: z.object({ ClientID: z.string().min(1), ClientSecret: z.string().min(1) }),
  AuthorizationEndpoint: z.url(),
  HttpMethod: z.enum(["GET", "POST", "PUT"]),
  OAuthHttpParameters: HttpParameters.optional(),
});

export const AuthParameters = z.object({
  ApiKeyAuthParameters: ApiKey.optional(),
  BasicAuthParameters: Basic.optional(),
  OAuthParameters: OAuth.optional(),
  InvocationHttpParameters: HttpParameters.optional(),
});
export type AuthParameters = z.infer<typeof AuthParameters>;
export type HttpParameters = z.infer<typeof HttpParameters>;
export type OAuthParameters = z.infer<typeof OAuth>;

/** What an authorization type must come with. */
export const PARAMETERS_OF = {
  API_KEY: "ApiKeyAuthParameters",
  BASIC: "BasicAuthParameters",
  OAUTH_CLIENT_CREDENTIALS: "OAuthParameters",
} as const;
export type AuthorizationType = keyof typeof PARAMETERS_OF;

/** What DescribeConnection may tell. */
export function withoutSecrets(auth: AuthParameters) {
  const { ApiKeyAuthParameters: key, BasicAuthParameters: basic, OAuthParameters: oauth } = auth;
  return {
    ...(key ? { ApiKeyAuthParameters: { ApiKeyName: key.ApiKeyName } } : {}),
    ...(basic ? { BasicAuthParameters: { Username: basic.Username } } : {}),
    ...(oauth
      ? {
          OAuthParameters: {
            ClientParameters: { ClientID: oauth.ClientParameters.ClientID },
            AuthorizationEndpoint: oauth.AuthorizationEndpoint,
            HttpMethod: oauth.HttpMethod,
            ...(oauth.OAuthHttpParameters ? { OAuthHttpParameters: shown(oauth.OAuthHttpParameters) } : {}),
          },
        }
      : {}),
    ...(auth.InvocationHttpParameters ? { InvocationHttpParameters: shown(auth.InvocationHttpParameters) } : {}),
  };
}

function shown(parameters: HttpParameters): HttpParameters {
  const hide = (list: HttpParameters["BodyParameters"]) =>
    list?.map(({ Value, ...rest }) => (rest.IsValueSecret ? rest : { ...rest, Value }));
  return {
    HeaderParameters: hide(parameters.HeaderParameters),
    QueryStringParameters: hide(parameters.QueryStringParameters),
    BodyParameters: hide(parameters.BodyParameters),
  };
}

/** Credentials of a role of another account, for a client; the client keeps them until shortly before they expire. */

type Credentials = Readonly<{
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken: string;
  expiration: Date;
}>;

/**
 * @param roleArn a role that trusts the function's own
 * @returns a provider as SDK clients take one. It throws STS's own error when the role may not be assumed
 */
export function assumedRole(roleArn: string): () => Promise<Credentials> {
  return async () => {
    // STS is read only where there is another account to go to.
    const { AssumeRoleCommand, STSClient } = await import("@aws-sdk/client-sts");
    const RoleSessionName = process.env.AWS_LAMBDA_FUNCTION_NAME ?? "tidemill";
    const { Credentials } = await new STSClient({}).send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName }));
    const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = Credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken || !Expiration) {
      throw new Error(`AssumeRole of ${roleArn} answered without credentials`);
    }
    return {
      accessKeyId: AccessKeyId,
      secretAccessKey: SecretAccessKey,
      sessionToken: SessionToken,
      expiration: Expiration,
    };
  };
}

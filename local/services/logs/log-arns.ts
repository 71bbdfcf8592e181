/** ARNs of log groups and streams. */
export interface LogArns {
  /** Without the ":*" CloudFormation's Arn attribute ends with. */
  group(name: string): string;
  stream(group: string, stream: string): string;
}

export function logArns({ region, accountId }: { region: string; accountId: string }): LogArns {
  const group = (name: string) => `arn:aws:logs:${region}:${accountId}:log-group:${name}`;
  return { group, stream: (name, stream) => `${group(name)}:log-stream:${stream}` };
}

/** The group's name where a request gives a name or an ARN. */
export function groupNameOf(nameOrArn: string): string {
  const at = nameOrArn.indexOf(":log-group:");
  return at < 0 ? nameOrArn : nameOrArn.slice(at + ":log-group:".length).replace(/:\*$/, "");
}

/** A crawler's Role is a name, a path and name, or an ARN. */
export function roleArnOf(role: string, accountId: string): string {
  return role.startsWith("arn:") ? role : `arn:aws:iam::${accountId}:role/${role.replace(/^\//, "")}`;
}

/** Calls made by the assembly itself: as the home's own principal, the account's administrator. */
import type { HomePorts } from "../define-service.ts";

/** Calls an operation as the home and answers its output as an object. */
export async function homeCall(
  home: Pick<HomePorts, "call" | "accountId">,
  service: string,
  operation: string,
  input: object,
): Promise<object> {
  const output = await home.call(service, operation, input, { kind: "home", accountId: home.accountId });
  return typeof output === "object" && output !== null ? output : {};
}

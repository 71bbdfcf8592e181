/** Dynamic references, `{{resolve:ssm:name}}`, in already resolved properties. */
import type { HomePorts } from "../define-service.ts";
import { AssemblyError } from "./assembly-error.ts";
import { readSsmParameter } from "./parameters.ts";

const PATTERN = /\{\{resolve:([a-z-]+):([^{}]+)\}\}/g;

/**
 * Replaces each reference by the parameter's value.
 * @throws AssemblyError AssemblyUnsupported for services other than ssm.
 */
export async function resolveDynamicReferences(
  value: unknown,
  home: Pick<HomePorts, "call" | "accountId">,
  at: string,
): Promise<unknown> {
  if (!JSON.stringify(value)?.includes("{{resolve:")) return value;
  const values = new Map<string, string>();
  for (const [reference, service, rest = ""] of JSON.stringify(value).matchAll(PATTERN)) {
    if (service !== "ssm" && service !== "ssm-secure") {
      throw new AssemblyError(
        "AssemblyUnsupported",
        `${at}: the dynamic reference ${reference} is not supported; {{resolve:ssm:name}} is`,
      );
    }
    // "name:3" pins a version; SSM itself understands that selector.
    values.set(reference, await readSsmParameter(home, rest));
  }
  return replaceIn(value, values);
}

function replaceIn(value: unknown, values: ReadonlyMap<string, string>): unknown {
  if (typeof value === "string") return value.replace(PATTERN, (reference) => values.get(reference) ?? reference);
  if (Array.isArray(value)) return value.map((entry) => replaceIn(entry, values));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, replaceIn(entry, values)]));
}

/**
 * Rest routing: method, path and query → operation.
 *
 * S3's operations share few paths and tell themselves apart by static query keys (`?uploads`), by required query members
 * (`uploadId`, `partNumber`) and by required headers (`x-amz-copy-source`); the most demanding operation whose demands are
 * all met wins. `x-id` is a hint the SDK adds and other clients do not send.
 */
import type { NormalizedSchema } from "@smithy/core/schema";
import type { OperationSchema, ServiceSchema } from "./sdk-schema.ts";

export interface Route {
  operation: OperationSchema;
  labels: Record<string, string>;
}

interface CompiledRoute {
  operation: OperationSchema;
  method: string;
  pattern: RegExp;
  labelNames: string[];
  staticQuery: [key: string, value: string][];
  requiredQuery: string[];
  requiredHeaders: string[];
  specificity: number;
}

export type Router = (
  method: string,
  path: string,
  query: URLSearchParams,
  headers: Readonly<Record<string, string | string[] | undefined>>,
) => Route | undefined;

/** Compiles every operation of a rest service once. `bucketInPath`: S3's templates leave out the bucket its clients put first. */
export function createRouter(service: ServiceSchema, bucketInPath: boolean): Router {
  const routes = [...service.operations.values()]
    .flatMap((operation) =>
      operation.http === undefined ? [] : [compileRoute(operation, operation.http, bucketInPath)],
    )
    .sort((a, b) => b.specificity - a.specificity);
  return (method, path, query, headers) => {
    const hint = query.get("x-id");
    const found = routes.filter(
      (route) => route.method === method && route.pattern.test(path) && meets(route, query, headers),
    );
    const route = found.find((candidate) => candidate.operation.name === hint) ?? found[0];
    if (route === undefined) return undefined;
    const values = route.pattern.exec(path)?.slice(1) ?? [];
    const labels = Object.fromEntries(
      route.labelNames.map((name, index) => [name, decodeURIComponent(values[index] ?? "")]),
    );
    return { operation: route.operation, labels };
  };
}

function meets(route: CompiledRoute, query: URLSearchParams, headers: Readonly<Record<string, unknown>>): boolean {
  return (
    route.staticQuery.every(([key, value]) => query.has(key) && (value === "" || query.get(key) === value)) &&
    route.requiredQuery.every((key) => query.has(key)) &&
    route.requiredHeaders.every((key) => headers[key] !== undefined)
  );
}

function compileRoute(
  operation: OperationSchema,
  http: readonly [string, string, number],
  bucketInPath: boolean,
): CompiledRoute {
  const [template = "/", search = ""] = http[1].split("?");
  const labelNames: string[] = [];
  const withBucket =
    bucketInPath && hasMember(operation.input, "Bucket") ? `/{Bucket}${template === "/" ? "" : template}` : template;
  const pattern = withBucket
    .split(/(\{[^}]+\})/)
    .map((part) => {
      if (!part.startsWith("{")) return part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
      const name = part.slice(1, -1);
      labelNames.push(name.replace("+", ""));
      return name.endsWith("+") ? "(.+)" : "([^/]+)";
    })
    .join("");
  const staticQuery = [...new URLSearchParams(search)].filter(([key]) => key !== "x-id");
  const { requiredQuery, requiredHeaders } = requiredBindings(operation.input);
  return {
    operation,
    method: http[0],
    pattern: new RegExp(`^${pattern}/?$`, "s"),
    labelNames,
    staticQuery,
    requiredQuery,
    requiredHeaders,
    specificity:
      100 * staticQuery.length + 10 * (requiredQuery.length + requiredHeaders.length) + template.split("/").length,
  };
}

function hasMember(schema: NormalizedSchema, name: string): boolean {
  if (!schema.isStructSchema()) return false;
  for (const [member] of schema.structIterator()) if (member === name) return true;
  return false;
}

function requiredBindings(schema: NormalizedSchema) {
  const requiredQuery: string[] = [];
  const requiredHeaders: string[] = [];
  const raw: unknown = schema.getSchema();
  // In a static structure schema the required members come first, and the seventh element counts them.
  let required = Array.isArray(raw) && typeof raw[6] === "number" ? raw[6] : 0;
  if (schema.isStructSchema()) {
    for (const [, member] of schema.structIterator()) {
      if (required-- <= 0) break;
      const traits = member.getMergedTraits();
      if (traits.httpQuery) requiredQuery.push(String(traits.httpQuery));
      if (traits.httpHeader) requiredHeaders.push(String(traits.httpHeader).toLowerCase());
    }
  }
  return { requiredQuery, requiredHeaders };
}

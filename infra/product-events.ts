/** What AWS tells of a data product, by the account that tells it. */
import {
  crawlerStateChange,
  databaseStateChange,
  type EventPattern,
  lakeFormationCall,
  modelLifecycleFailed,
  modelRegistered,
  objectCreated,
  tableStateChange,
} from "../events/index.ts";
import type { Names } from "./names.ts";
import type { Product } from "./products.ts";

type Patterns = Readonly<Record<string, EventPattern>>;

/** Of the products' files, told where the buckets are. */
export function fileEvents(products: readonly Product[], names: Names): Patterns {
  return Object.fromEntries(
    products.map(({ name, table }) => [
      `${name}-object-created`,
      objectCreated.pattern({ bucket: names.productBucket(name), prefix: `${table}/` }),
    ]),
  );
}

/** Of tables, databases, grants and crawlers, told where the catalog is. */
export function catalogEvents(products: readonly Product[], names: Names): Patterns {
  const each = products.flatMap(({ name, table }): [string, EventPattern][] => [
    [`${name}-table-changed`, tableStateChange.pattern({ database: name, table })],
    [`${name}-database-changed`, databaseStateChange.pattern({ database: name })],
  ]);
  return {
    ...Object.fromEntries(each),
    "product-shared": lakeFormationCall.pattern(),
    "crawler-ended": crawlerStateChange.pattern({ crawlers: products.map(({ name }) => names.crawler(name)) }),
  };
}

/** Our own events that ask something of a person. */
export const NOTICES = [modelLifecycleFailed, modelRegistered] as const;

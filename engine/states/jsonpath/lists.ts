/** Whether lists have values, for the filters of one path: a list that is asked often is gone through once. */
import { deepEqual, equalityKey } from "../deep-equal.ts";
import type { JsonValue } from "../json.ts";

/** Up to that many items, looking is as fast as looking up. */
const FEW = 16;

type Scalar = null | boolean | number | string;
type Index = Readonly<{ scalars: ReadonlySet<Scalar>; others: ReadonlySet<string> }>;

export class Lists {
  readonly #indexes = new Map<readonly JsonValue[], Index>();

  includes(list: readonly JsonValue[], value: JsonValue): boolean {
    if (list.length <= FEW) return list.some((item) => deepEqual(item, value));
    const known = this.#indexes.get(list);
    const index = known ?? indexOf(list);
    if (known === undefined) this.#indexes.set(list, index);
    return isScalar(value) ? index.scalars.has(value) : index.others.has(equalityKey(value));
  }
}

function indexOf(list: readonly JsonValue[]): Index {
  const scalars = new Set<Scalar>();
  const others = new Set<string>();
  for (const item of list) {
    if (isScalar(item)) scalars.add(item);
    else others.add(equalityKey(item));
  }
  return { scalars, others };
}

function isScalar(value: JsonValue): value is Scalar {
  return typeof value !== "object" || value === null;
}

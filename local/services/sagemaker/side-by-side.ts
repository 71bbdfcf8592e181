/** Does something with each of many things, a few at a time: while one is read, another waits for the disk. */

const AT_ONCE = 4;

/**
 * Begins in order. After a failure nothing more is begun, and nothing goes on once this is over.
 * @throws what failed first
 */
export async function sideBySide<T>(things: readonly T[], work: (thing: T) => Promise<unknown>): Promise<void> {
  const left = things.values();
  const failures: unknown[] = [];
  const one = async () => {
    for (const thing of left) {
      if (failures.length > 0) return;
      await work(thing).catch((thrown: unknown) => failures.push(thrown));
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, things.length) }, one));
  if (failures.length > 0) throw failures[0];
}

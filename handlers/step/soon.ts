/**
 * A module that is loaded once the handler itself is, or when first used, whichever comes first: the cold import stays short,
 * and an environment that waits for its first event has the module when it comes. A failure is told where the module is used.
 *
 * For what nearly every event needs; what few need is better left to a plain `import()` where it is used.
 */
export function soon<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  const loaded = () => {
    loading ??= load();
    return loading;
  };
  setImmediate(() => {
    loaded().catch(() => {
      loading = undefined;
    });
  });
  return loaded;
}

/**
 * Being ready: what a first piece of work would wait for (a query process, loaded functions, interpreters) is started when
 * work is likely, and given up by its owner when it has been idle for a while.
 *
 * Work is likely once the home has started, and at any event on the bus, which the first write into a watched bucket is.
 */
export interface Readiness {
  /** `prepare` is called at each sign of work; it costs next to nothing when all is ready. */
  onWork(prepare: () => void): void;
  sign(): void;
}

/** @param enabled false: nothing is ever prepared, for a home that is opened for a few calls */
export function createReadiness(enabled: boolean, listen: (heard: () => void) => unknown): Readiness {
  const prepares: (() => void)[] = [];
  const sign = () => {
    for (const prepare of prepares) prepare();
  };
  if (enabled) listen(sign);
  return { onWork: (prepare) => void prepares.push(prepare), sign: enabled ? sign : () => undefined };
}

/** Dependency order: every node after all it depends on, otherwise as given, so the same graph orders the same. */
import { AssemblyError } from "./assembly-error.ts";

/**
 * Sorts `nodes` so that each comes after its dependencies. Dependencies that are not nodes are ignored.
 * @throws AssemblyError AssemblyCycle naming the ring, e.g. "a → b → a".
 */
export function dependencyOrder(
  nodes: readonly string[],
  dependenciesOf: (node: string) => Iterable<string>,
): string[] {
  const known = new Set(nodes);
  const done = new Set<string>();
  const ordered: string[] = [];
  // An explicit stack of half-visited nodes: thousands of chained resources must not exhaust the call stack.
  for (const root of nodes) {
    const path: { node: string; rest: Iterator<string> }[] = [];
    const onPath = new Set<string>();
    const enter = (node: string) => {
      onPath.add(node);
      path.push({ node, rest: dependenciesOf(node)[Symbol.iterator]() });
    };
    if (!done.has(root)) enter(root);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.rest.next();
      if (next.done) {
        path.pop();
        onPath.delete(top.node);
        done.add(top.node);
        ordered.push(top.node);
      } else if (onPath.has(next.value)) {
        throw ring(
          path.map(({ node }) => node),
          next.value,
        );
      } else if (known.has(next.value) && !done.has(next.value)) {
        enter(next.value);
      }
    }
  }
  return ordered;
}

function ring(path: readonly string[], closing: string): AssemblyError {
  const names = [...path.slice(path.indexOf(closing)), closing].join(" → ");
  return new AssemblyError(
    "AssemblyCycle",
    `circular dependency between resources: ${names}; break one of these references`,
  );
}

/** Values that `up` is given for parameters of templates: each stays the parameter's until another is given. */
import type { Row, Store } from "../store/index.ts";
import { AssemblyError } from "./assembly-error.ts";
import type { Assembly } from "./read-assembly.ts";

export interface GivenParameter {
  /** Undefined: of every stack that has such a parameter. */
  stackName?: string | undefined;
  name: string;
  value: string;
}

/** Values by name, of the stack of a name. */
export type StackParameters = (stackName: string) => ReadonlyMap<string, string>;

/** What is given, later and more exact ones first; `kept` stands where nothing is. */
export function stackParameters(given: readonly GivenParameter[], kept: readonly GivenParameter[]): StackParameters {
  const general = given.filter(({ stackName }) => stackName === undefined);
  return (wanted) => {
    const exact = (list: readonly GivenParameter[]) => list.filter(({ stackName }) => stackName === wanted);
    return new Map([...exact(kept), ...general, ...exact(given)].map(({ name, value }) => [name, value]));
  };
}

/** @throws AssemblyError AssemblyInvalid listing what is given to no parameter of the assembly */
export function checkGiven(given: readonly GivenParameter[], { stacks }: Pick<Assembly, "stacks">): void {
  const strange = given.filter(
    ({ stackName, name }) =>
      !stacks.some(
        (stack) =>
          (stackName === undefined || stackName === stack.stackName) && Object.hasOwn(stack.template.Parameters, name),
      ),
  );
  if (strange.length === 0) return;
  const there = stacks.flatMap(({ stackName, template }) =>
    Object.keys(template.Parameters).map((name) => `${stackName}:${name}`),
  );
  const named = strange.map(({ stackName, name }) => (stackName === undefined ? name : `${stackName}:${name}`));
  throw new AssemblyError(
    "AssemblyInvalid",
    `the assembly has no parameter ${named.join(", ")}; it has ${there.join(", ") || "none"}`,
  );
}

/** What was given before, in the home's store. */
export class KeptParameters {
  readonly #store: Store;
  readonly #sql;

  /** The store has the assembly's tables. */
  constructor(store: Store) {
    this.#store = store;
    this.#sql = {
      all: store.prepare("SELECT stack, name, value FROM assembly_parameters ORDER BY stack, name"),
      put: store.prepare("INSERT INTO assembly_parameters VALUES (?, ?, ?)"),
      clear: store.prepare("DELETE FROM assembly_parameters"),
    };
  }

  all(): GivenParameter[] {
    return this.#sql.all
      .all()
      .map(({ stack, name, value }: Row) => ({ stackName: String(stack), name: String(name), value: String(value) }));
  }

  /** Keeps what these stacks have been given, and nothing else. */
  keep({ stacks }: Pick<Assembly, "stacks">): void {
    this.#store.transaction(() => {
      this.#sql.clear.run();
      for (const { stackName, given } of stacks)
        for (const [name, value] of given) this.#sql.put.run(stackName, name, value);
    });
  }
}

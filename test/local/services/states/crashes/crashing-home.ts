/** A home that can lose its process at any moment: it goes on from the files as they lay there, in another folder. */
import { copyFileSync, existsSync, mkdtempSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ServiceDefinition } from "../../../../../local/define-service.ts";
import { type Home, openHome } from "../../../../../local/home.ts";
import { states } from "../../../../../local/services/states/index.ts";
import { type ManualClock, manualClock } from "../../../manual-clock.ts";
import { answering, payloadOf, standInLambda } from "../../../stand-in-services.ts";
import { ROLE } from "../states-home.ts";

const ALL = { Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
export const ACCOUNT = "000000000000";

export type Invocation = Readonly<{ key: string; execution: string; retry: number; redrive: number; token?: string }>;
/** What the world outside does when the function is called; throws what a failing function would. */
export type Invoke = (invocation: Invocation) => unknown;

export class CrashingHome {
  readonly #invoke: Invoke;
  #home!: Home;
  #life = 0;
  /** Length of the log when the world last saw something of this life: all of it may count as kept. */
  #seen = 0;
  clock: ManualClock = manualClock("2026-03-01T00:00:00Z");

  private constructor(invoke: Invoke) {
    this.#invoke = invoke;
  }

  static async open(invoke: Invoke): Promise<CrashingHome> {
    const opened = new CrashingHome(invoke);
    await opened.#open(mkdtempSync(join(tmpdir(), "tidemill-crash-")));
    return opened;
  }

  /** An API call; it never settles if the process is lost before the answer. */
  call<T>(operation: string, input: object): Promise<T> {
    const life = this.#life;
    return new Promise((resolve, reject) => {
      const answered = (settle: () => void) => {
        if (life !== this.#life) return;
        this.#seen = this.#logLength();
        settle();
      };
      this.#home.ports.call("states", operation, input, { kind: "home", accountId: ACCOUNT }).then(
        (output) => answered(() => resolve(output as T)),
        (thrown) => answered(() => reject(thrown)),
      );
    });
  }

  committed(): Promise<void> {
    return this.#home.ports.store.committed();
  }

  /** @param torn how much of what nobody has seen of the log is lost too, 0 to 1 */
  async crash(torn: number): Promise<void> {
    const lost = this.#home;
    this.#life += 1;
    const directory = mkdtempSync(join(tmpdir(), "tidemill-crash-"));
    for (const name of ["home.db", "home.db-wal"])
      if (existsSync(join(lost.directory, name))) copyFileSync(join(lost.directory, name), join(directory, name));
    const length = this.#logLength();
    if (length > this.#seen)
      truncateSync(join(directory, "home.db-wal"), Math.ceil(length - (length - this.#seen) * torn));
    this.clock = manualClock(new Date(this.clock.now()).toISOString());
    await lost.close();
    rmSync(lost.directory, { recursive: true, force: true });
    await this.#open(directory);
  }

  async close(): Promise<void> {
    this.#life += 1;
    await this.#home.close();
    rmSync(this.#home.directory, { recursive: true, force: true });
  }

  async #open(directory: string): Promise<void> {
    const life = this.#life;
    this.#home = await openHome({ directory, services: [states, this.#lambda(life)], clock: this.clock });
    this.#home.ports.policies.setRoleSource(() => ({
      roleArn: ROLE,
      policies: [{ name: "all", document: ALL }],
      trust: {},
    }));
    this.#seen = this.#logLength();
    await this.#home.start();
  }

  #logLength(): number {
    const log = join(this.#home.directory, "home.db-wal");
    return existsSync(log) ? statSync(log).size : 0;
  }

  #lambda(life: number): ServiceDefinition {
    return standInLambda({
      authorize: () => [],
      handle: ({ Payload }) => {
        // What a lost process still does, nobody sees.
        if (life !== this.#life) return new Promise<never>(() => undefined);
        this.#seen = this.#logLength();
        const answer = this.#invoke(payloadOf(Payload));
        const failed = typeof answer === "object" && answer !== null && "errorType" in answer;
        return {
          StatusCode: 200,
          ...(failed ? { FunctionError: "Unhandled" } : {}),
          Payload: answering(answer),
        };
      },
    });
  }
}

/** Ended executions are kept for 90 days, as AWS keeps them; then their names are free again. */
import type { HomePorts } from "../../define-service.ts";
import type { Statement } from "../../store/index.ts";

export const KEPT_MS = 90 * 24 * 3_600_000;
const SWEEP_MS = 3_600_000;
/** Executions dropped in one go, so that nothing waits for a sweep. */
const AT_ONCE = 200;

const RUNS = "SELECT arn FROM states_map_runs WHERE execution_arn = ?";

export class Retention {
  readonly #home: HomePorts;
  readonly #machines: Statement;
  readonly #ended: Statement;
  readonly #forget: readonly Statement[];
  #cancel = () => {};

  constructor(home: HomePorts) {
    this.#home = home;
    this.#machines = home.store.prepare("SELECT DISTINCT machine_arn FROM states_executions");
    // What ended before then started before then: so the machine's index finds it.
    this.#ended = home.store.prepare(
      "SELECT arn FROM states_executions WHERE machine_arn = ?1 AND start_ms < ?2 AND stop_ms < ?2 LIMIT ?3",
    );
    this.#forget = [
      "states_histories WHERE execution_arn = ?",
      "states_checkpoint_parts WHERE execution_arn = ?",
      `states_map_children WHERE map_run_arn IN (${RUNS})`,
      "states_map_runs WHERE execution_arn = ?",
      "states_executions WHERE arn = ?",
    ].map((from) => home.store.prepare(`DELETE FROM ${from}`));
  }

  start(): void {
    const nowMs = this.#home.clock.now();
    const dropped = this.#sweep(nowMs - KEPT_MS);
    this.#cancel = this.#home.clock.at(dropped === AT_ONCE ? nowMs + 1 : nowMs + SWEEP_MS, () => this.start());
  }

  stop(): void {
    this.#cancel();
  }

  /** Drops an ended execution with all that is known of it. */
  forget(arn: string): void {
    this.#home.store.transaction(() => {
      for (const statement of this.#forget) statement.run(arn);
    });
  }

  #sweep(beforeMs: number): number {
    let dropped = 0;
    for (const { machine_arn: machineArn } of this.#machines.all()) {
      const arns = this.#ended.all(String(machineArn), beforeMs, AT_ONCE - dropped).map((row) => String(row.arn));
      for (const arn of arns) this.forget(arn);
      dropped += arns.length;
      if (dropped === AT_ONCE) break;
    }
    return dropped;
  }
}

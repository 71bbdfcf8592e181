/**
 * Homes as earlier versions left them, as SQL. Each has a little of every service, an execution that succeeded, one that
 * failed, and others in mid-execution: in a Wait, in a Parallel with a task token and a Map, before a retry, in a task, and (the
 * second) in a distributed Map.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import type { ServiceDefinition } from "../../../local/define-service.ts";
import { type Home, openHome } from "../../../local/home.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { type ManualClock, manualClock } from "../manual-clock.ts";

const ACCOUNT = "000000000000";
const ROLE = `arn:aws:iam::${ACCOUNT}:role/r`;
const ALL = { Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };

export interface Options {
  /** Default: every service there is. */
  services?: readonly ServiceDefinition[];
  /** SQL that makes the old home another one before it is opened. */
  alter?: string;
  log?: (level: string, message: string, fields?: Record<string, unknown>) => void;
}

/** @returns a folder with the home that `file` says */
export function oldHome(file: string, alter = ""): string {
  const directory = temporaryFolder("old");
  const database = new DatabaseSync(join(directory, "home.db"));
  database.exec(readFileSync(join(import.meta.dirname, file), "utf8"));
  database.exec(alter);
  database.close();
  return directory;
}

export class OldHome {
  readonly clock: ManualClock;
  readonly #home: Home;

  private constructor(home: Home, clock: ManualClock) {
    this.#home = home;
    this.clock = clock;
  }

  /** Opens what `file` says in a folder of its own. Its services are not started. */
  static async open(file: string, options: Options = {}): Promise<OldHome> {
    return OldHome.openIn(oldHome(file, options.alter), options);
  }

  static async openIn(directory: string, { services, log }: Options = {}): Promise<OldHome> {
    const clock = manualClock("2026-03-01T00:00:00Z");
    const home = await openHome({ directory, clock, ...(services && { services }), ...(log && { log }) });
    home.ports.policies.setRoleSource(() => ({
      roleArn: ROLE,
      policies: [{ name: "all", document: ALL }],
      trust: {},
    }));
    return new OldHome(home, clock);
  }

  start(): Promise<void> {
    return this.#home.start();
  }

  async close(): Promise<void> {
    await this.#home.close();
  }

  /** The answer of another service or of the same, as the home's owner gets it. */
  async call(service: string, operation: string, input: object): Promise<Record<string, unknown>> {
    const answer = await this.#home.ports.call(service, operation, input, { kind: "home", accountId: ACCOUNT });
    return { ...(answer as object) };
  }

  /** Every column and index there is, whatever way it came to be. */
  tables(): readonly unknown[] {
    const { store } = this.#home.ports;
    const columns = store.prepare(
      `SELECT m.name AS "table", c.* FROM sqlite_master m, pragma_table_xinfo(m.name) c WHERE m.type = 'table' ORDER BY m.name, c.cid`,
    );
    const indexes = store.prepare("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'index' ORDER BY name");
    return [...columns.all(), ...indexes.all()];
  }

  async described(machine: string, run: string): Promise<Readonly<{ status: string; output?: unknown }>> {
    const { status, output } = await this.call("states", "DescribeExecution", { executionArn: arn(machine, run) });
    return { status: String(status), ...(output === undefined ? {} : { output: JSON.parse(String(output)) }) };
  }

  /** The kinds of events in its history, in order of their ids. */
  async history(machine: string, run: string): Promise<readonly string[]> {
    const events = await this.#events(machine, run);
    const gap = events.find(({ id }, index) => id !== index + 1);
    if (gap !== undefined) throw new Error(`event ${gap.id} of ${machine} does not follow the one before it`);
    return events.map(({ type }) => type);
  }

  /** The task token in the parameters of a task that was scheduled. */
  async scheduledToken(machine: string, run: string): Promise<string> {
    const events = await this.#events(machine, run);
    const parameters = events.map(({ taskScheduledEventDetails: task }) => task?.parameters).find(Boolean) ?? "{}";
    return z.object({ Payload: z.object({ token: z.string() }) }).parse(JSON.parse(parameters)).Payload.token;
  }

  async #events(machine: string, run: string) {
    const input = { executionArn: arn(machine, run), maxResults: 1000 };
    return z.array(Event).parse((await this.call("states", "GetExecutionHistory", input)).events);
  }
}

const Event = z.object({
  id: z.number(),
  type: z.string(),
  taskScheduledEventDetails: z.object({ parameters: z.string() }).optional(),
});

export function arn(machine: string, run: string): string {
  return `arn:aws:states:us-east-1:${ACCOUNT}:execution:${machine}:${run}`;
}

export function machineArn(machine: string): string {
  return `arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:${machine}`;
}

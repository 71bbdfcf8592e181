/** A process that runs on without what watches over it: it is never beside its successor, nor left behind. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { identify } from "../../../../local/runtime/jobs/process-identity.ts";
import { openSagemakerHome, type SagemakerHome } from "./sagemaker-home.ts";
import { jobEnd, startScriptJob } from "./script-job.ts";

let home: SagemakerHome;
beforeEach(async () => {
  home = await openSagemakerHome();
});
afterEach(async () => {
  await home.close();
});

const LONGEST = { timeout: 60_000 };

/** Ends the process that a control folder names, and nothing of its group. */
function killSupervisor(place: string): void {
  const file = join(home.directory, "sagemaker", place, "control/pid");
  process.kill(Number(readFileSync(file, "utf8").split(" ")[0]), "SIGKILL");
}

/** Says each time it is run, and how many of its earlier runs were still under way. */
const SCRIPT = `
import os, time
place = os.environ["PLACE"]
def runs(pid):
    try: return open(f"/proc/{pid}/stat").read().rpartition(")")[2].split()[0] != "Z"
    except OSError: return False
before = open(place + "/pids").read().split() if os.path.exists(place + "/pids") else []
with open(place + "/pids", "a") as pids: pids.write(f"{os.getpid()}\\n")
with open(place + "/said", "a") as said: said.write(f"beside {sum(map(runs, before))}\\n")
while not os.path.exists(place + "/go"): time.sleep(0.01)
`;

it.skipIf(process.platform !== "linux")(
  "does not run a job beside itself when its supervisor alone is killed",
  async () => {
    const file = join(home.directory, "said");
    const said = () => (existsSync(file) ? readFileSync(file, "utf8") : "");
    await startScriptJob(home, { name: "lost", script: SCRIPT, environment: { PLACE: home.directory } });
    await vi.waitUntil(() => said() === "beside 0\n", LONGEST);
    killSupervisor("processing-job/lost");
    await vi.waitUntil(() => said() !== "beside 0\n", LONGEST);
    expect(said()).toBe("beside 0\nbeside 0\n");
    writeFileSync(join(home.directory, "go"), "");
    expect(await jobEnd(home, "lost")).toMatchObject({ ProcessingJobStatus: "Completed" });
  },
);

/** A home killed while its endpoint was in service, opened again. */
async function openAgain(): Promise<void> {
  await home.close();
  const program = fileURLToPath(new URL("dying-serving-home.ts", import.meta.url));
  const dying = spawn(process.execPath, [program, home.directory], { stdio: "inherit" });
  expect(await once(dying, "exit")).toEqual([null, "SIGKILL"]);
  home = await openSagemakerHome({ directory: home.directory });
}

/** The id of the process that answers for the endpoint. */
async function answering(): Promise<number> {
  const request = { EndpointName: "who", ContentType: "application/json", Body: "{}" };
  const { Body } = await home.runtime.send(new InvokeEndpointCommand(request));
  return Number(await Body.transformToString());
}

it("serves an endpoint by the process that an earlier home left, and by one alone once that is lost", async () => {
  await openAgain();
  const first = await answering();
  expect(await answering()).toBe(first);
  killSupervisor("endpoint/who/1/all");
  const second = await vi.waitUntil(async () => {
    const pid = await answering();
    return pid !== first && pid;
  }, LONGEST);
  await vi.waitUntil(() => identify(first) === undefined, LONGEST);
  process.kill(second, "SIGKILL");
  expect(await answering()).not.toBe(second);
});

it("ends with the home what an earlier one left serving, though nobody asked for it", async () => {
  await openAgain();
  const pid = Number(
    readFileSync(join(home.directory, "sagemaker/endpoint/who/1/all/control/pid"), "utf8").split(" ")[0],
  );
  expect(identify(pid)).toBeDefined();
  const { directory } = home;
  await home.close();
  expect(identify(pid)).toBeUndefined();
  home = await openSagemakerHome({ directory });
});

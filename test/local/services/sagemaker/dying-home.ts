/** A home of its own process that starts a job and is killed while the job runs: `dying-home.ts DIRECTORY GO`. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { openSagemakerHome } from "./sagemaker-home.ts";
import { startScriptJob } from "./script-job.ts";

const [, , directory = "", go = ""] = process.argv;
const script = `
import os, pathlib, time
with open(os.environ["GO"] + ".runs", "a") as runs: runs.write("run\\n")
while not os.path.exists(os.environ["GO"]): time.sleep(0.01)
out = pathlib.Path(__file__).resolve().parents[2] / "output/out"
(out / "done.txt").write_text("done")
print("last words")`;
const home = await openSagemakerHome({ directory });
await startScriptJob(home, { name: "survivor", script, environment: { GO: go }, outputUri: "s3://artifacts/survived" });
while (!existsSync(`${go}.runs`) || !existsSync(join(directory, "sagemaker/processing-job/survivor/control/pid"))) {
  await new Promise((resolve) => setTimeout(resolve, 10));
}
process.kill(process.pid, "SIGKILL");

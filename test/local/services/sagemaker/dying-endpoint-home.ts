/** A home of its own process that is killed while an endpoint's model is being loaded: `dying-endpoint-home.ts DIRECTORY`. */
import { openSagemakerHome } from "./sagemaker-home.ts";
import { deployStuck, loading } from "./served-model.ts";

const [, , directory = ""] = process.argv;
await deployStuck(await openSagemakerHome({ directory }));
while (loading(directory).length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
process.kill(process.pid, "SIGKILL");

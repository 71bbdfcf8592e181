/** A home of its own process that is killed while an endpoint is in service: `dying-serving-home.ts DIRECTORY`. */
import { openSagemakerHome } from "./sagemaker-home.ts";
import { deploy, serving } from "./served-model.ts";

/** A model that answers with the id of its process. */
const WHO = "import os\ndef model_fn(d): return os.getpid()\ndef predict_fn(x, m): return m\n";

const [, , directory = ""] = process.argv;
const home = await openSagemakerHome({ directory });
await deploy(home, "who", serving(WHO));
await home.event("SageMaker Endpoint State Change", { EndpointName: "who", EndpointStatus: "IN_SERVICE" });
process.kill(process.pid, "SIGKILL");

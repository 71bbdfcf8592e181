/** The port `apis` of `parseDefinition`: what AWS knows of the APIs that tasks call, by the API models. */
import type { TaskApis } from "../../engine/states/index.ts";
import { memberProblems } from "./member-problems.ts";
import { refusesApi } from "./sdk-integrations.ts";

/** For `parseDefinition`: what AWS's API models refuse of a task's call. */
export const taskApis: TaskApis = { refuses: refusesApi, problems: memberProblems };

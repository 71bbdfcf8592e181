/** Where the project lies. */
import { join, resolve } from "node:path";

/** The project, wherever the command was called from. */
export const ROOT = resolve(import.meta.dirname, "..");
/** The cloud assembly of this project's app. */
export const ASSEMBLY = join(ROOT, "cdk.out");
/** What `start` publishes, and as which product. */
export const SAMPLE = join(ROOT, "models", "credit-risk", "data", "kredit.asc");
export const SAMPLE_PRODUCT = "credit-card";

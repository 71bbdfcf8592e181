/** Where the project lies. */
import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "..");
export const ASSEMBLY = join(ROOT, "cdk.out");
export const SAMPLE = join(ROOT, "models", "credit-risk", "data", "kredit.asc");
export const SAMPLE_PRODUCT = "credit-card";

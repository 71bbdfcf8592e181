import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/leaves-nothing.ts"],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: "forks",
    maxWorkers: 2,
    // Homes of tests are thrown away; the Python environments they need are not.
    env: { TIDEMILL_ENVIRONMENTS: resolve(import.meta.dirname, "node_modules/.cache/tidemill/environments") },
  },
});

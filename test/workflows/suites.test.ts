/** The suites beside the workflows, as `tidemill test` and `tidemill validate` run them. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { reportOf } from "../../cli/commands/validate.ts";
import { runSuite } from "../../cli/workflow-tests/run.ts";
import { readSuite } from "../../cli/workflow-tests/suite.ts";

const FOLDER = join(import.meta.dirname, "../../workflows");
const NAMES = readdirSync(FOLDER).flatMap((file) =>
  file.endsWith(".asl.json") ? [file.slice(0, -".asl.json".length)] : [],
);

describe.each(NAMES)("%s", (name) => {
  it("passes its suite, which reaches every state, branch, retrier and catcher", async () => {
    const [suite, ...others] = readSuite(join(FOLDER, `${name}.test.json`));
    if (suite === undefined) throw new Error(`${name} has no suite`);
    const { cases, coverage } = await runSuite(suite);
    expect(others).toEqual([]);
    expect(cases.filter(({ passed }) => !passed)).toEqual([]);
    expect(coverage.missing).toEqual([]);
  });

  it("is what AWS accepts, without a warning", () => {
    expect(reportOf(join(FOLDER, `${name}.asl.json`), "STANDARD")).toMatchObject({ result: "OK", diagnostics: [] });
  });
});

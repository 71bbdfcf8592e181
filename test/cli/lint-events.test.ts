import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, it } from "vitest";
import { lintEvents, type PatternReport, warnOfRules } from "../../cli/commands/lint-events.ts";
import type { Context } from "../../cli/context.ts";
import { CommandFailure } from "../../cli/failure.ts";
import { createTerminal } from "../../cli/terminal.ts";
import * as events from "../../events/index.ts";
import { vocabulary } from "../../events/vocabulary.ts";
import { temporaryFolder } from "../temporary-folder.ts";

let folder: string;
beforeEach(() => {
  folder = temporaryFolder("lint");
});

const OBJECT = { source: ["aws.s3"], "detail-type": ["Object Created"] };

function run(...sources: string[]): { exitCode: number; reports: unknown } {
  let printed: unknown;
  const context: Context = {
    home: folder,
    port: undefined,
    json: true,
    terminal: createTerminal(process.stderr),
    printed: false,
    print: (value) => {
      printed = value;
    },
  };
  try {
    lintEvents(context, sources);
    return { exitCode: 0, reports: printed };
  } catch (thrown) {
    if (!(thrown instanceof CommandFailure)) throw thrown;
    return { exitCode: thrown.exitCode, reports: thrown.result };
  }
}

function file(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(content));
  return path;
}

describe("tidemill events lint", () => {
  it("ends with 0 for a pattern with nothing to say of", () => {
    expect(run(JSON.stringify({ ...OBJECT, detail: { object: { key: [{ prefix: "in/" }] } } }))).toEqual({
      exitCode: 0,
      reports: [{ where: "pattern", findings: [] }],
    });
  });

  it("ends with 1 and the likely intention for a misspelt field of an AWS event", () => {
    expect(run(JSON.stringify({ ...OBJECT, detail: { bucket: { names: ["b"] } } }))).toMatchObject({
      exitCode: 1,
      reports: [{ findings: [{ code: "UNKNOWN_FIELD", suggestion: "detail.bucket.name" }] }],
    });
  });

  it("ends with 3 and AWS's words for a pattern AWS refuses, and with 2 for a path that is not there", () => {
    expect(run('{"source":[]}')).toMatchObject({
      exitCode: 3,
      reports: [{ error: expect.stringContaining("Empty arrays are not allowed") }],
    });
    expect(run(join(folder, "none.json")).exitCode).toBe(2);
  });

  it("reads a pattern's file, a rule's, and the rules of an assembly whose computed values may be any", () => {
    const wrong = { source: ["aws.S3"] };
    const rule = (EventPattern: unknown) => ({ Type: "AWS::Events::Rule", Properties: { EventPattern } });
    file("App.template.json", {
      Resources: {
        Computed: rule({ ...OBJECT, detail: { bucket: { name: [{ Ref: "Bucket" }] }, reason: { Ref: "Reasons" } } }),
        Whole: rule({ "Fn::Sub": "{}" }),
        Wrong: rule(wrong),
        Queue: { Type: "AWS::SQS::Queue", Properties: { EventPattern: wrong } },
      },
    });
    const { reports } = run(
      file("pattern.json", wrong),
      file("rule.json", { EventPattern: JSON.stringify(wrong) }),
      folder,
    );
    expect(reports).toMatchObject([
      { where: join(folder, "pattern.json"), findings: [{ suggestion: '"aws.s3"' }] },
      { where: join(folder, "rule.json"), findings: [{ suggestion: '"aws.s3"' }] },
      { where: `${join(folder, "App.template.json")} Computed`, findings: [] },
      { where: `${join(folder, "App.template.json")} Wrong`, findings: [{ suggestion: '"aws.s3"' }] },
    ]);
    const warned: PatternReport[] = warnOfRules(folder, { ...createTerminal(process.stderr), line: () => {} });
    expect(warned.map(({ where }) => where)).toEqual([`${join(folder, "App.template.json")} Wrong`]);
  });

  it.each(
    Object.values(events).flatMap((event) => (typeof event === "object" ? [{ name: event.detailType, event }] : [])),
  )("has nothing to say of a pattern of $name by the fields of its sample", ({ event }) => {
    const { source, detailType } = event;
    const known = vocabulary().find((one) => one.source === source && one.detailType === detailType);
    expect(known?.detail).toHaveProperty("fields");
    const values = Object.entries(Object(event.sample).detail).filter(([, value]) => typeof value !== "object");
    const detail = Object.fromEntries(values.map(([name, value]) => [name, [value]]));
    expect(run(JSON.stringify({ source: [source], "detail-type": [detailType], detail }))).toMatchObject({
      exitCode: 0,
    });
  });
});

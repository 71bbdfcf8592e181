import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { foresee } from "../../../../local/services/states/foresee.ts";

const WORKFLOWS = join(import.meta.dirname, "../../../../workflows");
const workflow = (name: string) => JSON.parse(readFileSync(join(WORKFLOWS, `${name}.asl.json`), "utf8"));

const none = () => undefined;
const said = (calls: readonly { service: string; name: string }[]) =>
  calls.map(({ service, name }) => `${service} ${name}`);
const lambda = (name: string, rest: object) => ({
  Type: "Task",
  Resource: "arn:aws:states:::lambda:invoke",
  Parameters: { FunctionName: name },
  ...rest,
});

describe("foresee", () => {
  it("names functions and other services in the order of the states", () => {
    const calls = foresee(
      {
        StartAt: "First",
        States: {
          Last: { Type: "Task", Resource: "arn:aws:lambda:us-east-1:000000000000:function:last", End: true },
          First: { Type: "Task", Resource: "arn:aws:states:::aws-sdk:glue:getTable", Next: "Choose" },
          Choose: { Type: "Choice", Choices: [{ Next: "One" }], Default: "Two" },
          One: lambda("one", { Next: "Both" }),
          Two: lambda("two", { Next: "Both" }),
          Both: {
            Type: "Parallel",
            Branches: [{ StartAt: "Left", States: { Left: lambda("left", { End: true }) } }],
            Next: "Each",
          },
          Each: {
            Type: "Map",
            ItemProcessor: { StartAt: "Item", States: { Item: lambda("item", { End: true }) } },
            Next: "Last",
          },
        },
      },
      none,
    );
    expect(said(calls)).toEqual([
      "glue getTable",
      "lambda one",
      "lambda two",
      "lambda left",
      "lambda item",
      "lambda arn:aws:lambda:us-east-1:000000000000:function:last",
    ]);
  });

  it("leaves out what only a Catch leads to, names that are made at run time, and what is no definition", () => {
    const failure = lambda("failure", { End: true });
    const named = lambda("{% $name %}", { Catch: [{ ErrorEquals: ["States.ALL"], Next: "Failure" }], End: true });
    const states = { StartAt: "Named", States: { Named: named, Failure: failure } };
    expect(said(foresee(states, none))).toEqual(["lambda "]);
    expect(foresee({ StartAt: "__proto__", States: [] }, none)).toEqual([]);
    expect(foresee({ StartAt: "A", States: { A: { Type: "Map", ItemProcessor: 1, Next: ["A"] } } }, none)).toEqual([]);
  });

  it("follows machines that start each other, and ends", () => {
    const start = (machine: string, next: object) => ({
      Type: "Task",
      Resource: "arn:aws:states:::states:startExecution.sync:2",
      Arguments: { StateMachineArn: machine },
      ...next,
    });
    const machines: Record<string, object> = {
      one: { StartAt: "A", States: { A: start("two", { End: true }) } },
      two: { StartAt: "B", States: { B: lambda("b", { Next: "C" }), C: start("one", { End: true }) } },
    };
    const definitionOf = (arn: string) => JSON.parse(JSON.stringify(machines[arn]));
    expect(said(foresee(definitionOf("one"), definitionOf))).toEqual(["states startExecution", "lambda b"]);
  });

  it("has the query process before the interpreter of a job that is given a query's answer", () => {
    const calls = said(foresee(workflow("train-model"), none));
    expect(calls.indexOf("athena startQueryExecution")).toBeGreaterThan(-1);
    expect(calls.indexOf("athena startQueryExecution")).toBeLessThan(calls.indexOf("sagemaker createProcessingJob"));
  });
});

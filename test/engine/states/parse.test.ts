import { describe, expect, it } from "vitest";
import { parseDefinition } from "../../../engine/index.ts";

const pretty = (source: object) => JSON.stringify(source, null, 2);
const messages = (source: object, type: "STANDARD" | "EXPRESS" = "STANDARD") =>
  parseDefinition(pretty(source), { type }).diagnostics.map(({ message, location }) => `${message} at ${location}`);

describe("parseDefinition", () => {
  it("names line and column of what is wrong", () => {
    const { diagnostics } = parseDefinition(
      pretty({ StartAt: "A", States: { A: { Type: "Wait", Timestamp: "tomorrow", End: true } } }),
    );
    expect(diagnostics).toMatchObject([{ location: "/States/A/Timestamp", line: 6, column: 7 }]);
  });

  it.each([
    {
      name: "an unknown target",
      source: { StartAt: "A", States: { A: { Type: "Pass", Next: "B" } } },
      says: "Missing 'Next' target: B",
    },
    {
      name: "an unreachable state",
      source: { StartAt: "A", States: { A: { Type: "Succeed" }, B: { Type: "Succeed" } } },
      says: "not reachable",
    },
    {
      name: "a field of the other language",
      source: { QueryLanguage: "JSONata", StartAt: "A", States: { A: { Type: "Pass", Parameters: {}, End: true } } },
      says: "but field 'Parameters' is only supported for the 'JSONPath' QueryLanguage",
    },
    {
      name: "a number that JSON does not have in an intrinsic function",
      source: {
        StartAt: "A",
        States: { A: { Type: "Pass", Parameters: { "a.$": "States.MathAdd(01, 1)" }, End: true } },
      },
      says: "/States/A/Parameters/a.$",
    },
    {
      name: "broken JSONata",
      source: {
        QueryLanguage: "JSONata",
        StartAt: "A",
        States: { A: { Type: "Pass", Output: "{% 1 + %}", End: true } },
      },
      says: "/States/A/Output",
    },
    {
      name: "an unknown integration",
      source: { StartAt: "A", States: { A: { Type: "Task", Resource: "arn:aws:states:::dynamodb:scan", End: true } } },
      says: "is not recognized",
    },
  ])("refuses $name", ({ source, says }) => {
    expect(messages(source).join("\n")).toContain(says);
  });

  it("refuses .sync in an express workflow", () => {
    const source = {
      StartAt: "A",
      States: {
        A: {
          Type: "Task",
          Resource: "arn:aws:states:::glue:startJobRun.sync",
          Parameters: { JobName: "j" },
          End: true,
        },
      },
    };
    expect(messages(source)).toEqual([]);
    expect(messages(source, "EXPRESS")).toHaveLength(1);
  });
});

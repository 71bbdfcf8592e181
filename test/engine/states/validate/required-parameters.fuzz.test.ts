/** AWS asks nine optimized integrations for members when the state machine is made: however they are given, they are there. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDefinition } from "../../../../engine/index.ts";

const REQUIRED: readonly (readonly [resource: string, members: readonly string[]])[] = [
  ["lambda:invoke", ["FunctionName"]],
  ["sqs:sendMessage", ["QueueUrl", "MessageBody"]],
  ["sns:publish", ["Message"]],
  ["dynamodb:putItem", ["TableName", "Item"]],
  ["dynamodb:getItem", ["TableName", "Key"]],
  ["states:startExecution", ["StateMachineArn"]],
  ["events:putEvents", ["Entries"]],
  ["ecs:runTask", ["TaskDefinition"]],
  ["glue:startJobRun", ["JobName"]],
];
/** Integrations that also come as jobs or with a task token. */
const SUFFIXES: Readonly<Record<string, readonly string[]>> = {
  "states:startExecution": [".sync", ".sync:2", ".waitForTaskToken"],
  "glue:startJobRun": [".sync"],
  "ecs:runTask": [".sync", ".waitForTaskToken"],
  "sqs:sendMessage": [".waitForTaskToken"],
  "lambda:invoke": [".waitForTaskToken"],
};

const errorsOf = (task: object) =>
  parseDefinition(JSON.stringify({ StartAt: "T", States: { T: { Type: "Task", ...task, End: true } } })).diagnostics;

const called = fc.constantFrom(...REQUIRED).chain(([name, members]) =>
  fc.record({
    resource: fc.constantFrom("", ...(SUFFIXES[name] ?? [])).map((suffix) => `arn:aws:states:::${name}${suffix}`),
    members: fc.constant(members),
  }),
);
const constant = fc.oneof(
  fc.string().map((text) => `t${text.replaceAll(/[{}%]/g, "")}`),
  fc.constant({ "a.$": "$.a" }),
  fc.constant([]),
);
const path = fc.constantFrom("$.a", "$$.Task.Token", "$", "$variable.a", "States.Format('{}', $.a)");
const EXPRESSION = "{% $states.input.a %}";

describe("what an optimized integration requires", () => {
  it("may be a constant, a path or a call in JSONPath", () => {
    const given = called.chain(({ resource, members }) =>
      fc
        .tuple(
          ...members.map((member) =>
            fc.oneof(
              constant.map((v) => [member, v]),
              path.map((v) => [`${member}.$`, v]),
            ),
          ),
        )
        .map((entries) => ({ Resource: resource, Parameters: Object.fromEntries(entries) })),
    );
    fc.assert(fc.property(given, (task) => void expect(errorsOf(task)).toEqual([])));
  });

  it("may be a constant or an expression in JSONata, and all of Arguments may be one", () => {
    const jsonPathFree = fc.oneof(fc.constant("text"), fc.constant({ a: EXPRESSION }), fc.constant(EXPRESSION));
    const given = called.chain(({ resource, members }) =>
      fc
        .oneof(
          fc.constant(EXPRESSION),
          fc
            .tuple(...members.map((member) => jsonPathFree.map((v) => [member, v])))
            .map((all) => Object.fromEntries(all)),
        )
        .map((Arguments) => ({ QueryLanguage: "JSONata", Resource: resource, Arguments })),
    );
    fc.assert(fc.property(given, (task) => void expect(errorsOf(task)).toEqual([])));
  });

  it("does not come with the state's input: the state gives Parameters or Arguments itself", () => {
    fc.assert(
      fc.property(called, fc.constantFrom("JSONPath", "JSONata"), ({ resource }, QueryLanguage) => {
        const field = QueryLanguage === "JSONata" ? "Arguments" : "Parameters";
        expect(errorsOf({ QueryLanguage, Resource: resource })).toMatchObject([
          { message: `${field} field is required for resource ARN: ${resource}`, location: "/States/T/Resource" },
        ]);
      }),
    );
  });

  it("is asked for when the state gives something else", () => {
    fc.assert(
      fc.property(called, ({ resource, members }) => {
        const refused = members.map((member) => `The field '${member}' is required but was missing`);
        expect(errorsOf({ Resource: resource, Parameters: { Other: 1 } }).map(({ message }) => message)).toEqual(
          refused,
        );
      }),
    );
  });
});

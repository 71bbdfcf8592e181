/** `states.teststate`: TestState calls; a task that was really called is answered with its recorded result. */
import { z } from "zod";
import { type JsonValue, TestStateError, testState } from "../../../engine/index.ts";
import { resultProblem } from "../../../local/api-models/result-problem.ts";
import { givenItems } from "../../../local/services/states/items/given-items.ts";
import type { CaseResult } from "../case-result.ts";
import { runCases } from "../parse-cases.ts";
import { difference, STRICT } from "../states-match.ts";

const Json: z.ZodType<JsonValue> = z.json();
const Expected = z.looseObject({
  output: Json.optional(),
  inspectionData: z.looseObject({ result: Json.optional() }).optional(),
});
const Case = z.looseObject({
  id: z.string(),
  definition: Json,
  input: Json.optional(),
  context: Json.optional(),
  variables: Json.optional(),
  roleArn: z.string().optional(),
  stateName: z.string().optional(),
  inspectionLevel: z.enum(["INFO", "DEBUG", "TRACE"]).optional(),
  mock: z
    .looseObject({
      resultText: z.string().optional(),
      fieldValidationMode: z.enum(["STRICT", "PRESENT", "NONE"]).optional(),
      errorOutput: z.object({ error: z.string().optional(), cause: z.string().optional() }).optional(),
    })
    .optional(),
  stateConfiguration: z.looseObject({}).optional(),
  expected: Expected,
});
type Case = z.infer<typeof Case>;

export function run(corpus: unknown): AsyncIterable<CaseResult> {
  return runCases(corpus, Case, async (recorded) => {
    const got = await answer(recorded);
    const found = difference(recorded.expected, got, STRICT);
    const group = /::(\w+)::/.exec(recorded.id)?.[1] ?? "";
    const { id } = recorded;
    return found === undefined
      ? { id, group, outcome: "passed" }
      : { id, group, outcome: "failed", expected: found, got };
  });
}

async function answer(recorded: Case): Promise<unknown> {
  const { definition, input, context, variables, mock, expected, stateConfiguration } = recorded;
  const text = (value: JsonValue | undefined) => (value === undefined ? undefined : JSON.stringify(value));
  const request = {
    definition: JSON.stringify(definition),
    input: text(input),
    context: text(context),
    variables: text(variables),
    roleArn: recorded.roleArn,
    stateName: recorded.stateName,
    inspectionLevel: recorded.inspectionLevel,
    mock:
      mock === undefined
        ? undefined
        : defined({
            result: mock.resultText,
            fieldValidationMode: mock.fieldValidationMode,
            errorOutput: mock.errorOutput && defined(mock.errorOutput),
          }),
    stateConfiguration,
  };
  const recordedResult = expected.inspectionData?.result ?? expected.output ?? null;
  try {
    const task = () => ({ output: recordedResult });
    return await testState(defined(request), { nowMs: 0, seed: recorded.id, resultProblem, task, items: givenItems });
  } catch (thrown) {
    if (!(thrown instanceof TestStateError)) throw thrown;
    return { exception: { code: thrown.code, message: thrown.message } };
  }
}

type Defined<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** The object without its undefined members, which optional ones may not have. */
function defined<T extends object>(value: T): Defined<T> {
  return JSON.parse(JSON.stringify(value));
}

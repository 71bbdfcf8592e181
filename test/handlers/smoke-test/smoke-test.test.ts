import { describe, expect, it } from "vitest";
import { auc } from "../../../handlers/smoke-test/auc.ts";
import { createHandler } from "../../../handlers/smoke-test/index.ts";
import { invoke } from "../invoke.ts";

const rows = Array.from({ length: 240 }, (_, row) => `v${row % 3},${row},${row >= 120 ? 1 : 0}`);
const test = (
  answer: (row: string) => string,
  data = ["c,n,label", ...rows].join("\n"),
  { positive = "", ...model }: { positive?: string; answers?: string; metric?: string } = {},
) => {
  const asked: string[] = [];
  const handler = createHandler({
    readText: async () => data,
    invokeEndpoint: async (_name, body) => {
      asked.push(...body.split("\n"));
      return body.split("\n").map(answer).join("\n");
    },
  });
  return {
    asked,
    result: invoke(handler, {
      endpointName: "m",
      testData: "s3://artifacts/test.csv",
      label: "label",
      positive,
      metric: "auc",
      floor: 0.7,
      ...model,
    }),
  };
};

describe("smoke-test", () => {
  it("asks about every held-out row without its label and passes a good model", async () => {
    const { asked, result } = test((row) => String(Number(row.split(",")[1]) / 240));
    expect(await result).toMatchObject({ rows: 240, quality: { metric: "auc", value: 1 } });
    expect(asked).toHaveLength(240);
    expect(asked[4]).toBe("v1,4");
  });

  it("measures the probability of the label the model was told to give", async () => {
    const rowsOfWords = rows.map((row) => row.replace(/1$/, "leaves").replace(/0$/, "stays"));
    const answer = (row: string) => String(Number(row.split(",").at(-1)) / 240);
    const data = ["c,n,label", ...rowsOfWords.map((row) => row.replace(/^v(\d)/, '"v, $1"'))].join("\n");
    const { asked, result } = test(answer, data, { positive: "leaves" });
    expect(await result).toMatchObject({ quality: { metric: "auc", value: 1 } });
    expect(asked[4]).toBe('"v, 1",4');
  });

  it.each([
    { what: "no better than chance", answer: () => "0.5", says: /auc 0.5000/ },
    { what: "no probability", answer: () => "1.5", says: /probability from 0 to 1/ },
    { what: "not a number", answer: () => "error", says: /probability from 0 to 1/ },
    { what: "two values a row", answer: () => "0.1,0.9", says: /one probability from 0 to 1 a row/ },
  ])("fails an endpoint whose answers are $what", async ({ answer, says }) => {
    await expect(test(answer).result).rejects.toMatchObject({
      name: "SmokeTestFailedError",
      message: expect.stringMatching(says),
    });
  });

  it("takes any number of a model that answers with numbers", async () => {
    const regression = { answers: "number", metric: "rmse" };
    expect(await test(() => "-273.15", undefined, regression).result).toMatchObject({ rows: 240, quality: null });
    for (const wrong of ["nan", "inf", "four"])
      await expect(test(() => wrong, undefined, regression).result).rejects.toThrow(`"${wrong}", expected a number`);
  });

  it("counts the right labels of a model that answers with labels, whatever stands in them", async () => {
    const labels = ["knits, fine", "jackets", "dresses"];
    const classes = rows.map((row, index) => row.replace(/[01]$/, `"${labels[index % 3]}"`));
    const data = ["c,n,label", ...classes].join("\n");
    const model = { answers: "label", metric: "accuracy" };
    const right = (row: string) => labels[Number(row[1])] ?? "";
    expect(await test(right, data, model).result).toMatchObject({ quality: { metric: "accuracy", value: 1 } });
    await expect(test(() => "jackets", data, model).result).rejects.toThrow(/accuracy 0.3333 .* at least 0.7/);
    await expect(test(() => "", data, model).result).rejects.toMatchObject({ name: "SmokeTestFailedError" });
  });

  it("says so when there are no held-out rows", async () => {
    await expect(test(() => "0.5", "c,n\n1,2").result).rejects.toMatchObject({ name: "UnreadableDocumentError" });
  });
});

describe("auc", () => {
  it("counts pairs in order, ties half", () => {
    expect(auc([0.1, 0.4, 0.35, 0.8], [false, false, true, true])).toBe(0.75);
    expect(auc([0.5, 0.5], [true, false])).toBe(0.5);
    expect(auc([0.5, 0.6], [true, true])).toBeUndefined();
  });
});

import { describe, expect, it } from "vitest";
import { compileTargetInput, type TargetInput } from "../../../engine/patterns/index.ts";

const event = {
  id: "e1",
  "detail-type": "Order Placed",
  time: "2026-01-01T00:00:00Z",
  detail: { order: "o-1", total: 9.5, items: [{ sku: "a" }, { sku: "b" }], note: 'say "hi"', nothing: null },
};
const context = { ruleArn: "arn:aws:events:us-east-1:1:rule/r", ruleName: "r", ingestionTime: "2026-01-01T00:00:05Z" };

const text = (input: TargetInput) => {
  const rendered = compileTargetInput(input)(event, context);
  return rendered.kind === "rendered" ? rendered.text : `not delivered: ${rendered.text}`;
};

describe("compileTargetInput", () => {
  it("gives the event without input, a part of it with InputPath, and a constant with Input", () => {
    expect(JSON.parse(text({}))).toEqual(event);
    expect(text({ InputPath: "$.detail.items[1]" })).toBe('{"sku":"b"}');
    expect(text({ Input: '{"fixed":true}' })).toBe('{"fixed":true}');
  });

  it.each([
    {
      title: "I1: a value outside quotes as JSON",
      template: '{"t":<total>,"o":<order>,"i":<items>}',
      expected: '{"t":9.5,"o":"o-1","i":["a","b"]}',
    },
    {
      title: "I1: a string inside quotes with its escapes",
      template: '{"n":"<note>!"}',
      expected: '{"n":"say \\"hi\\"!"}',
    },
    { title: "I2: a list in quoted text without quotes", template: '"items <items>"', expected: '"items [a,b]"' },
    { title: "I3: a missing path as the empty string", template: '{"m":<missing>}', expected: '{"m":""}' },
    { title: "I5: not what is no JSON", template: '{"i":"<items>"}', expected: 'not delivered: {"i":"["a","b"]"}' },
    {
      title: "the rule's own values",
      template: '"<aws.events.rule-name> <aws.events.event.ingestion-time>"',
      expected: '"r 2026-01-01T00:00:05Z"',
    },
    { title: "null as null", template: '{"n":<nothing>}', expected: '{"n":null}' },
  ])("renders $title", ({ template, expected }) => {
    const paths = {
      total: "$.detail.total",
      order: "$.detail.order",
      items: "$.detail.items[*].sku",
      note: "$.detail.note",
      missing: "$.detail.missing",
      nothing: "$.detail.nothing",
    };
    expect(text({ InputTransformer: { InputPathsMap: paths, InputTemplate: template } })).toBe(expected);
  });

  it("refuses a placeholder no path fills, a path that is none, and two kinds of input", () => {
    expect(() => text({ InputTransformer: { InputTemplate: "<order>" } })).toThrow("invalid placeholder order");
    expect(() => text({ InputPath: "detail.x" })).toThrow('"detail.x" is not a path into an event');
    expect(() => text({ Input: "{}", InputPath: "$" })).toThrow("Only one of Input, InputPath, or InputTransformer");
  });
});

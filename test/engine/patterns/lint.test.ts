import { describe, expect, it } from "vitest";
import { type EventVocabulary, lint } from "../../../engine/patterns/index.ts";

const VOCABULARY: EventVocabulary = [
  {
    source: "aws.ec2",
    detailType: "EC2 Instance State-change Notification",
    detail: {
      fields: {
        state: { type: "string", values: ["pending", "running", "stopped"] },
        "instance-id": { type: "string" },
        cores: { type: "number" },
        spot: { type: "boolean" },
        network: { fields: { vpcId: { type: "string" }, extra: { type: "any" } } },
      },
    },
  },
  { source: "aws.s3", detailType: "Object Created", detail: { fields: { reason: { type: "string" } } } },
  { source: "aws.sagemaker", detailType: "SageMaker Training Job State Change", detail: { type: "any" } },
  { source: "shop", detailType: "order placed", detail: { fields: { id: { type: "string" } } } },
];
const EC2 = { source: ["aws.ec2"], "detail-type": ["EC2 Instance State-change Notification"] };
const ofEc2 = (detail: object) => ({ ...EC2, detail });
const found = (pattern: string | object) => lint(pattern, VOCABULARY);

describe("lint", () => {
  it.each([
    {
      mistake: "the service's name alone",
      pattern: { source: ["s3"] },
      code: "UNKNOWN_SOURCE",
      path: "source",
      suggestion: '"aws.s3"',
    },
    {
      mistake: "the service's host",
      pattern: { source: ["ec2.amazonaws.com"] },
      code: "UNKNOWN_SOURCE",
      path: "source",
      suggestion: '"aws.ec2"',
    },
    {
      mistake: "a misspelt source",
      pattern: { source: ["aws.sagmaker"] },
      code: "UNKNOWN_SOURCE",
      path: "source",
      suggestion: '"aws.sagemaker"',
    },
    {
      mistake: "a source in capitals",
      pattern: { source: ["AWS.EC2"] },
      code: "UNKNOWN_SOURCE",
      path: "source",
      suggestion: '"aws.ec2"',
    },
    {
      mistake: "a misspelt detail type",
      pattern: { source: ["aws.ec2"], "detail-type": ["EC2 Instance State Change Notification"] },
      code: "UNKNOWN_DETAIL_TYPE",
      path: "detail-type",
      suggestion: '"EC2 Instance State-change Notification"',
    },
    {
      mistake: "a detail type of another source",
      pattern: { source: ["aws.ec2"], "detail-type": ["Object Created"] },
      code: "UNKNOWN_DETAIL_TYPE",
      path: "detail-type",
    },
    {
      mistake: "the SDK's spelling of detail-type",
      pattern: { source: ["aws.ec2"], detailType: ["x"] },
      code: "UNKNOWN_FIELD",
      path: "detailType",
      suggestion: "detail-type",
    },
    {
      mistake: "the level detail left out",
      pattern: { ...EC2, state: ["running"] },
      code: "UNKNOWN_FIELD",
      path: "state",
      suggestion: "detail.state",
    },
    {
      mistake: "a misspelt field",
      pattern: ofEc2({ sate: ["running"] }),
      code: "UNKNOWN_FIELD",
      path: "detail.sate",
      suggestion: "detail.state",
    },
    {
      mistake: "a field on the wrong level",
      pattern: ofEc2({ vpcId: ["v"] }),
      code: "UNKNOWN_FIELD",
      path: "detail.vpcId",
      suggestion: "detail.network.vpcId",
    },
    {
      mistake: "a field inside a value",
      pattern: ofEc2({ state: { name: ["running"] } }),
      code: "UNKNOWN_FIELD",
      path: "detail.state.name",
      suggestion: "detail.state",
    },
    {
      mistake: "an object taken for a value",
      pattern: ofEc2({ network: [{ exists: true }] }),
      code: "NEVER_MATCHES",
      path: "detail.network",
    },
    {
      mistake: "the absence of an object",
      pattern: ofEc2({ network: [{ exists: false }] }),
      code: "MATCHES_EVERYTHING",
      path: "detail.network",
    },
    {
      mistake: "a value in capitals",
      pattern: ofEc2({ state: ["RUNNING"] }),
      code: "UNKNOWN_VALUE",
      path: "detail.state",
      suggestion: '"running"',
    },
    {
      mistake: "a prefix no value has",
      pattern: ofEc2({ state: [{ prefix: "term" }] }),
      code: "UNKNOWN_VALUE",
      path: "detail.state",
    },
    {
      mistake: "a number as a string",
      pattern: ofEc2({ cores: ["4"] }),
      code: "WRONG_TYPE",
      path: "detail.cores",
      suggestion: "4",
    },
    {
      mistake: "an account as a number",
      pattern: { ...EC2, account: [123456789012] },
      code: "WRONG_TYPE",
      path: "account",
      suggestion: '"123456789012"',
    },
    {
      mistake: "a boolean as a string",
      pattern: ofEc2({ spot: ["True"] }),
      code: "WRONG_TYPE",
      path: "detail.spot",
      suggestion: "true",
    },
    {
      mistake: "a range of strings",
      pattern: ofEc2({ "instance-id": [{ numeric: [">", 1] }] }),
      code: "WRONG_TYPE",
      path: "detail.instance-id",
    },
    {
      mistake: "two anything-but meant to hold both",
      pattern: ofEc2({ state: [{ "anything-but": "running" }, { "anything-but": "stopped" }] }),
      code: "MATCHES_EVERYTHING",
      path: "detail.state",
      suggestion: '{"anything-but":["running","stopped"]}',
    },
    {
      mistake: "a value beside its own exclusion",
      pattern: ofEc2({ state: ["running", { "anything-but": "running" }] }),
      code: "MATCHES_EVERYTHING",
      path: "detail.state",
    },
    {
      mistake: "two bounds meant to hold both",
      pattern: ofEc2({ cores: [{ numeric: [">", 2] }, { numeric: ["<=", 8] }] }),
      code: "MATCHES_EVERYTHING",
      path: "detail.cores",
      suggestion: '{"numeric":[">",2,"<=",8]}',
    },
    {
      mistake: "existence beside a test",
      pattern: ofEc2({ state: [{ exists: true }, { prefix: "r" }] }),
      code: "MATCHES_EVERYTHING",
      path: "detail.state",
      suggestion: '{"prefix":"r"}',
    },
    {
      mistake: "an exclusion of everything",
      pattern: ofEc2({ state: [{ "anything-but": { wildcard: "*" } }] }),
      code: "NEVER_MATCHES",
      path: "detail.state",
    },
    {
      mistake: "a value and an object in one place",
      pattern: { "detail.a": ["x"], "detail.a.b": ["y"] },
      code: "NEVER_MATCHES",
      path: "detail.a",
    },
    {
      mistake: "a field given twice in a branch",
      pattern: '{"$or":[{"detail":{"a":["1"]}},{"detail":{"a":["1"],"a":["2"]}}]}',
      code: "DUPLICATE_FIELD",
      path: "detail.a",
    },
  ])("finds $mistake", ({ pattern, code, path, suggestion }) => {
    expect(found(pattern)).toEqual([
      { code, path, message: expect.stringContaining(path), ...(suggestion === undefined ? {} : { suggestion }) },
    ]);
  });

  it.each([
    { kind: "an event nobody lists", pattern: { source: ["aws.newservice"], "detail-type": ["Thing Happened"] } },
    { kind: "a source without events like it", pattern: { source: ["com.example.orders"], detail: { x: [1] } } },
    {
      kind: "known fields, values and types",
      pattern: ofEc2({ state: ["running", null], cores: [4], network: { extra: { deep: [true] } } }),
    },
    { kind: "the absence of a field", pattern: ofEc2({ "error-code": [{ exists: false }] }) },
    { kind: "bounds that leave a gap", pattern: ofEc2({ cores: [{ numeric: ["<", 2] }, { numeric: [">", 8] }] }) },
    { kind: "a family of detail types", pattern: { ...EC2, "detail-type": [{ prefix: "EC2" }], detail: { x: [1] } } },
    { kind: "the same field in two branches", pattern: { $or: [{ detail: { a: [1] } }, { detail: { a: [2] } }] } },
  ])("leaves alone $kind", ({ pattern }) => {
    expect(found(JSON.stringify(pattern))).toEqual([]);
  });

  it("says what is wrong and what was probably meant in one sentence", () => {
    expect(found(ofEc2({ sate: ["running"] }))[0]?.message).toBe(
      "detail.sate: the event has no such field; did you mean detail.state?",
    );
  });

  it("refuses what AWS refuses", () => {
    expect(() => found({ source: "aws.ec2" })).toThrow('"source" must be an object or an array');
  });
});

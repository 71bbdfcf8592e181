import { describe, expect, it } from "vitest";
import * as events from "../../events/index.ts";

const definitions = Object.values(events).filter((exported) => typeof exported === "object");

describe("the vocabulary", () => {
  it.each(definitions.map((event) => ({ event, name: `${event.source} ${event.detailType}` })))(
    "reads the sample of $name",
    ({ event }) => {
      expect(event.schema.parse(event.sample)).toMatchObject({ source: event.source, "detail-type": event.detailType });
    },
  );

  it("lets fields pass that AWS adds later", () => {
    const sample = Object(events.objectCreated.sample);
    const later = { ...sample, detail: { ...sample.detail, "storage-class": "STANDARD" } };
    expect(events.objectCreated.schema.safeParse(later).success).toBe(true);
  });

  it("refuses another event", () => {
    expect(events.objectCreated.schema.safeParse(events.crawlerStateChange.sample).success).toBe(false);
  });
});

describe("patterns", () => {
  it("of files name the bucket and the key's prefix", () => {
    expect(events.objectCreated.pattern({ bucket: "credit-card-1", prefix: "credit_card/" })).toEqual({
      source: ["aws.s3"],
      "detail-type": ["Object Created"],
      detail: { bucket: { name: ["credit-card-1"] }, object: { key: [{ prefix: "credit_card/" }] } },
    });
  });

  it("of Lake Formation leave out calls that were refused", () => {
    expect(events.lakeFormationCall.pattern().detail).toMatchObject({ errorCode: [{ exists: false }] });
  });

  it("of a release ask for approval", () => {
    expect(events.modelPackageStateChange.approved(["credit-risk"]).detail).toEqual({
      ModelPackageGroupName: ["credit-risk"],
      ModelApprovalStatus: ["Approved"],
    });
  });

  it("of a crawler wait for its end", () => {
    expect(events.crawlerStateChange.pattern({ crawlers: ["credit-card-crawler"] }).detail).toEqual({
      crawlerName: ["credit-card-crawler"],
      state: ["Succeeded", "Failed"],
    });
  });
});

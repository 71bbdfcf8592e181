import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { eventReference, REFERENCE } from "../../events/event-reference.ts";

it("docs/reference/events.md is the vocabulary's; if not, run node events/event-reference.ts", () => {
  expect(readFileSync(REFERENCE, "utf8")).toBe(eventReference());
});

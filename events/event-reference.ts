/** The vocabulary as a page of the reference. `node events/event-reference.ts` writes it anew; a test tells when it is due. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";
import { OWN_SOURCE } from "./define-event.ts";
import * as vocabulary from "./index.ts";

export const REFERENCE = join(import.meta.dirname, "..", "docs", "reference", "events.md");

type Definition = Extract<(typeof vocabulary)[keyof typeof vocabulary], { detail: z.ZodType }>;

const INTRODUCTION = `# Events

What the app emits, with source \`${OWN_SOURCE}\`, and what of AWS it answers to; all on the default bus. Made from \`events/\` by
\`node events/event-reference.ts\`. Fields of the detail are those the app relies on; AWS sends more. \`?\`: may be missing.

| source | detail-type | what happened | detail |
|---|---|---|---|
`;

/** Every event of the vocabulary, the app's own first. */
export function definitions(): Definition[] {
  const all = Object.values(vocabulary).filter((exported) => typeof exported === "object");
  const key = ({ source, detailType }: Definition) => `${source === OWN_SOURCE ? 0 : 1} ${source} ${detailType}`;
  return all.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** The page, as Markdown. */
export function eventReference(): string {
  const rows = definitions().map(({ source, detailType, description, detail }) => {
    const fields = Object.entries(detail.shape).map(
      ([name, field]) => `\`${name}\`${field.safeParse(undefined).success ? "?" : ""}`,
    );
    return `| \`${source}\` | ${detailType} | ${description} | ${fields.join(", ")} |\n`;
  });
  return INTRODUCTION + rows.join("");
}

if (import.meta.main) writeFileSync(REFERENCE, eventReference());

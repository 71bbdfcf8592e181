/** As many customers as one likes, no two alike, of the sample's kind: a bench's data worth the name. */
import { randomOf } from "../test/journeys/seeded-random.ts";

// Amount and age, the columns with many values: new ones near those of the row taken as model.
const VARIED = { hoehe: { spread: 2000, least: 250 }, alter: { spread: 8, least: 19 } };

/**
 * @param sample the sample's text, a header and rows of cells apart by blanks
 * @param count rows wanted, all distinct
 * @param seed the same seed, the same rows
 * @returns text of the sample's form
 */
export function manyCustomers(sample: string, count: number, seed: number): string {
  const [header = "", ...models] = sample.trimEnd().split(/\r?\n/);
  const columns = header.split(" ");
  const random = randomOf(seed);
  const rows = new Set<string>();
  while (rows.size < count) {
    const cells = (models[Math.floor(random() * models.length)] ?? "").split(" ");
    for (const [name, { spread, least }] of Object.entries(VARIED)) {
      const at = columns.indexOf(name);
      cells[at] = String(Math.max(least, Number(cells[at]) + Math.round((random() - 0.5) * spread)));
    }
    rows.add(cells.join(" "));
  }
  return `${[header, ...rows].join("\n")}\n`;
}

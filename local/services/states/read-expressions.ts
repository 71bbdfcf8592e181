/** Reads a definition's expressions before it is judged, a few a turn: a hundred thousand of them take seconds. */
import { ExpressionReadings } from "../../../engine/states/index.ts";

/** Some 4 ms. */
const AT_ONCE = 100;

export async function readExpressions(definition: string | undefined): Promise<ExpressionReadings> {
  const readings = new ExpressionReadings();
  let count = 0;
  for (const _ of readings.ahead(definition ?? "")) {
    count += 1;
    if (count % AT_ONCE === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  return readings;
}

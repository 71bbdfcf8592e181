/** Damage to a definition: to its values, or to its text. */
import type { JsonValue } from "../../../../engine/index.ts";
import type { Draw } from "./draw.ts";
import { json, STRINGS } from "./hostile.ts";

/** The value with one place in it changed: removed, replaced, doubled, or given another key. */
export function mutateValue(draw: Draw, value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null || draw.chance(0.1)) return json(draw, 2);
  if (Array.isArray(value)) {
    const items: JsonValue[] = [...value];
    const at = draw.below(items.length + 1);
    if (draw.chance(0.6) && at < items.length) items[at] = mutateValue(draw, items[at] ?? null);
    else items.splice(at, draw.below(2), ...draw.several(0, 1, () => json(draw, 1)));
    return items;
  }
  const entries: [string, JsonValue][] = Object.entries(value);
  const at = draw.below(entries.length + 1);
  const entry = entries[at];
  if (entry === undefined) entries.push([draw.pick(STRINGS), json(draw, 1)]);
  else if (draw.chance(0.7)) entries[at] = [entry[0], mutateValue(draw, entry[1])];
  else if (draw.chance(0.5)) entries.splice(at, 1);
  else entries[at] = [draw.pickAny(entries)?.[0] ?? draw.pick(STRINGS), entry[1]];
  return Object.fromEntries(entries);
}

/** The text with a piece cut out, put in or repeated. */
export function mutateText(draw: Draw, text: string): string {
  const at = draw.below(text.length + 1);
  const end = Math.min(text.length, at + draw.below(20));
  switch (draw.below(5)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + text.slice(end);
    case 2:
      return text.slice(0, end) + text.slice(at);
    case 3:
      // Numbers a double cannot hold, and nesting no stack can.
      return (
        text.slice(0, at) +
        draw.pick(["1e999", "-0", "[".repeat(50_000), '{"a":'.repeat(2_000), "\u0000"]) +
        text.slice(at)
      );
    default:
      return text.slice(0, at) + draw.pick(STRINGS) + text.slice(at);
  }
}

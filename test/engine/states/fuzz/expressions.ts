/** Random JSONPaths, intrinsic calls and JSONata, mostly well formed. */
import type { Draw } from "./draw.ts";
import { NUMBERS, STRINGS } from "./hostile.ts";

const PATHS = [
  "$",
  "$.a",
  "$.a.b",
  "$.list",
  "$.list[0]",
  "$.list[-1]",
  "$.list[*]",
  "$.list[1:]",
  "$.list[1:3]",
  "$..a",
  "$..*",
  "$.*",
  "$.list[?(@.a > 1)]",
  "$.list[?(@.x == 'a' || @.x =~ /a.*b/)]",
  "$['__proto__']",
  "$.n",
  "$.flag",
  "$.when",
  "$$.Execution.Id",
  "$$.State.EnteredTime",
  "$$.Map.Item.Value",
  "$$.Task.Token",
  "$$",
  "$v0",
  "$v1.a",
  "$.list[99]",
  "$['a','n']",
] as const;

const BROKEN = [
  "$.",
  "$[",
  "$..",
  "$.list[?(",
  "",
  "a",
  "$[-]",
  "$.a[1:2:0]",
  "$.list.length()",
  "States.Nope(1)",
  "States.Format(",
] as const;

export function path(draw: Draw): string {
  if (draw.chance(0.003)) return draw.pick(BROKEN);
  return draw.chance(0.7) ? draw.pick(["$", "$$.State.Name", "$$.Execution.Input"]) : draw.pick(PATHS);
}

/** A path that may also be written to. */
export function referencePath(draw: Draw): string | null {
  return draw.pick([null, "$", "$.a", "$.r", "$.r.deep.er", "$.list[0]", "$['__proto__']", "$.list[3].x"]);
}

export function intrinsic(draw: Draw, depth = 2): string {
  const part = (): string => argument(draw, depth);
  return draw.pick([
    () => `States.Format('{} and {}', ${part()}, ${part()})`,
    () => `States.Array(${draw.several(0, 3, part).join(", ")})`,
    () => `States.ArrayPartition(${part()}, ${part()})`,
    () => `States.ArrayContains(${part()}, ${part()})`,
    () => `States.ArrayRange(${part()}, ${part()}, ${part()})`,
    () => `States.ArrayRange(0, ${draw.pick(["9", "999", "1001", "1e9"])}, 1)`,
    () => `States.ArrayGetItem(${part()}, ${part()})`,
    () => `States.ArrayLength(${part()})`,
    () => `States.ArrayUnique(${part()})`,
    () => `States.Base64Encode(${part()})`,
    () => `States.Base64Decode(${part()})`,
    () => `States.Hash(${part()}, 'SHA-256')`,
    () => `States.JsonMerge(${part()}, ${part()}, false)`,
    () => `States.StringToJson(${part()})`,
    () => `States.JsonToString(${part()})`,
    () => `States.MathRandom(${part()}, ${part()})`,
    () => `States.MathAdd(${part()}, ${part()})`,
    () => `States.StringSplit(${part()}, ${part()})`,
    () => "States.UUID()",
  ])();
}

function argument(draw: Draw, depth: number): string {
  const kind = draw.below(depth > 0 ? 5 : 4);
  if (kind === 0) return path(draw);
  if (kind === 1) return String(draw.pick(NUMBERS));
  if (kind === 2) return `'${draw.pick(STRINGS).replace(/[\\']/g, "\\$&")}'`;
  return kind === 3 ? draw.pick(["null", "true", "$.list"]) : intrinsic(draw, depth - 1);
}

const LEAVES = [
  "$states.input",
  "$states.input.a",
  "$states.input.list",
  "$states.input.n",
  "$states.result",
  "$states.errorOutput.Error",
  "$states.context.Execution.Id",
  "$states.context.Map.Item.Value",
  "$v0",
  "$v1.a",
  "$undefinedVariable",
  "null",
  "[]",
  "{}",
  "$random()",
  "$uuid()",
  "$now()",
] as const;

/** Expressions that give a value whatever the input. */
const SAFE = [
  "$states.input ? 1 : 2",
  "[$states.input]",
  "$count($states.input.list)",
  "$exists($states.input.a)",
  "{'list': [1, 2, 3], 'n': 2}",
  "$string($states.input)",
  "$type([$states.input])",
  "$random() < 0.5",
  "1",
] as const;

/** The text between `{%` and `%}`. */
export function jsonata(draw: Draw, depth = 3): string {
  if (draw.chance(0.6)) return draw.pick(SAFE);
  if (depth === 0 || draw.chance(0.3)) return leaf(draw);
  const part = (): string => jsonata(draw, depth - 1);
  return draw.pick([
    () => `${part()} ${draw.pick(["+", "-", "*", "/", "%", "=", "!=", "<", ">=", "and", "or", "in", "&"])} ${part()}`,
    () => `(${part()}) ? ${part()} : ${part()}`,
    () =>
      `${draw.pick(["$string", "$number", "$count", "$sum", "$keys", "$exists", "$not", "$type", "$parse"])}(${part()})`,
    () =>
      `${draw.pick(["$boolean", "$reverse", "$distinct", "$length", "$uppercase", "$fromMillis", "$toMillis"])}(${part()})`,
    () => `$partition(${part()}, ${part()})`,
    () => `$range(${part()}, ${part()}, ${part()})`,
    () => `$hash(${part()}, "SHA-1")`,
    () => `$map(${part()}, function($i) { ${part()} })`,
    () => `$reduce(${part()}, function($i, $j) { $i & $j })`,
    () => `$merge([${part()}, ${part()}])`,
    () => `$append(${part()}, ${part()})`,
    () => `{ ${JSON.stringify(draw.pick(STRINGS))}: ${part()} }`,
    () => `[${part()}, ${part()}]`,
    () => `(${part()})[${part()}]`,
    () => `(${part()}).(${part()})`,
    () => `( $q := ${part()}; $q )`,
    () => `$match(${part()}, /a.*/)`,
    () => `[1..${draw.pick(["3", "$states.input.n", "1000", "1e8"])}]`,
    () => `$split(${part()}, ${part()})`,
    () => `${part()} ~> $string`,
    () => `$lookup(${part()}, ${JSON.stringify(draw.pick(STRINGS))})`,
  ])();
}

function leaf(draw: Draw): string {
  if (draw.chance(0.002)) return draw.pick(["(", "$$$", "1 +", '"', "$eval('1')", "function($x){", "/(a+)+$/"]);
  const kind = draw.below(4);
  if (kind === 0) return String(draw.pick(NUMBERS));
  return kind === 1 ? JSON.stringify(draw.pick(STRINGS)) : draw.pick(LEAVES);
}

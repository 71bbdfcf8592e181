/** Regular expressions and globs of queries and filters, matched in time linear in the text: they come from outside. */
import { RE2JS } from "re2js";

/** @throws Error for an expression RE2 does not read */
export function linearRegex(source: string): RE2JS {
  // RE2 writes named groups with P; the flag lets "." match line breaks, as it does in Insights.
  return RE2JS.compile(source.replace(/\(\?<(?=[A-Za-z])/g, "(?P<"), RE2JS.DOTALL);
}

/** `*` stands for any text; the whole must fit. */
export function globTest(glob: string): (text: string) => boolean {
  if (!glob.includes("*")) return (text) => text === glob;
  const compiled = RE2JS.compile(`^${glob.split("*").map(RE2JS.quote).join(".*")}$`, RE2JS.DOTALL);
  return (text) => compiled.matcher(text).find();
}

/** A `parse` glob: what each `*` stands for, as short as it can be, the last up to the text's end. */
export function globCapture(glob: string): RE2JS {
  const parts = glob.split("*").map(RE2JS.quote);
  const source = parts.reduce((so, part, index) => {
    const last = index === parts.length - 1 && part === "";
    return index === 0 ? part : `${so}(${last ? ".*" : ".*?"})${part}`;
  }, "");
  return RE2JS.compile(source, RE2JS.DOTALL);
}

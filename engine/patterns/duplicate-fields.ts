/** Fields given twice in one object, of which AWS keeps the last. */
import { JsonTokens } from "./json-tokens.ts";
import { finding, type LintFinding } from "./lint-finding.ts";

/** @param pattern the text of a pattern that parses */
export function duplicateFields(pattern: string): LintFinding[] {
  const tokens = new JsonTokens(pattern);
  const found: LintFinding[] = [];
  const open: { names: Set<string>; prefix: string; array: boolean }[] = [];
  let name = "";
  tokens.next();
  open.push({ names: new Set(), prefix: "", array: false });
  while (open.length > 0) {
    const token = tokens.expect();
    const around = open.at(-1);
    const prefix = around?.prefix ?? "";
    // Objects in an array are branches of `$or`, whose fields are those of the object around it.
    if (token === "{")
      open.push({ names: new Set(), prefix: around?.array ? prefix : `${prefix}${name}.`, array: false });
    else if (token === "[") open.push({ names: new Set(), prefix, array: true });
    else if (token === "}" || token === "]") open.pop();
    else if (token === "field" && around !== undefined) {
      name = tokens.text();
      const here = `${around.prefix}${name}`;
      if (around.names.has(name) && name !== "$or")
        found.push(
          finding("DUPLICATE_FIELD", here, "it is given twice in one object, and the last replaces the others"),
        );
      around.names.add(name);
    }
  }
  return found;
}

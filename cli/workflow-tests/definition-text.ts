/**
 * Definitions as CDK, SAM and CloudFormation keep them: with `${Name}` where the template's DefinitionSubstitutions come in.
 *
 * A placeholder in a string stays as it is; one that stands for a Resource becomes a function's ARN, as most are; one outside of any
 * string, where a number or a boolean will stand, becomes 1.
 */

/** Characters of a text that must be looked at: escapes, quotes and placeholders. */
const TOKEN = /\\.|"|\$\{[\w.]+\}/gs;
const RESOURCE = /("Resource"\s*:\s*")\$\{([\w.]+)\}(")/g;

/** The text as JSON, every character where it was: placeholders outside of strings are padded. */
export function jsonWithPlaceholders(text: string): string {
  let inString = false;
  return text.replace(TOKEN, (token) => {
    if (token === '"') inString = !inString;
    return token.startsWith("$") && !inString ? "1".padEnd(token.length) : token;
  });
}

/** The text as the engine can take it. Places after a Resource move; `jsonWithPlaceholders` has them where they were. */
export function engineText(text: string): string {
  return jsonWithPlaceholders(text).replace(RESOURCE, (_all, before: string, name: string, after: string) => {
    return `${before}arn:aws:lambda:us-east-1:123456789012:function:${name.replaceAll(".", "-")}${after}`;
  });
}

/** The text with values for its placeholders: strings go into strings, anything else stands as JSON. */
export function withSubstitutions(text: string, values: Readonly<Record<string, string | number | boolean>>): string {
  return text.replace(/\$\{([\w.]+)\}/g, (placeholder, name: string) =>
    Object.hasOwn(values, name) ? JSON.stringify(String(values[name])).slice(1, -1) : placeholder,
  );
}

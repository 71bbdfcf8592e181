/** Text as a curated file can hold it: Athena's text format knows neither quotes nor escapes. */

/**
 * Runs of white space become one space, double quotes single ones.
 *
 * @returns undefined for other control characters, which no category of any use holds
 */
export function tidyText(text: string): string | undefined {
  const tidy = text.replaceAll('"', "'").replace(/\s+/g, " ").trim();
  for (const character of tidy) if (character < " " || character === "\u007F") return undefined;
  return tidy;
}

/** How deeply JSON text may nest. */

/** As in AWS's parser. Everything that reads a definition or data may recurse that far. */
export const MAX_NESTING = 1000;

/** Whether more brackets are open at once, outside of strings; text that is no JSON counts too, it only has to end. */
export function nestsTooDeeply(text: string): boolean {
  // Each level takes two characters at least.
  if (text.length <= 2 * MAX_NESTING) return false;
  let depth = 0;
  let inString = false;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22) inString = !inString;
    else if (inString) {
      if (code === 0x5c) at += 1;
    } else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      if (depth > MAX_NESTING) return true;
    } else if (code === 0x7d || code === 0x5d) depth -= 1;
  }
  return false;
}

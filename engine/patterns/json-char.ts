/** A character as the parser AWS uses names it in its errors: `'x' (code 120)`, or its code alone where it cannot be seen. */
export function describeChar(char: string): string {
  const code = char.charCodeAt(0);
  if (code < 32 || (code >= 127 && code < 160)) return `(CTRL-CHAR, code ${code})`;
  return code > 255 ? `'${char}' (code ${code} / 0x${code.toString(16)})` : `'${char}' (code ${code})`;
}

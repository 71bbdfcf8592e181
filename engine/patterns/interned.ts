/**
 * The one copy of a text that property names have. A value many rules ask for is then kept once, and comparing it with the
 * same value of an event, which JSON.parse keeps so too while it is short, is comparing two pointers.
 */
export function interned(text: string): string {
  return Object.keys({ [text]: 0 })[0] ?? text;
}

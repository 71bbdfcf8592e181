/**
 * Single characters and character classes of JavaScript's regular expressions, written as RE2 reads them: RE2's own `.`
 * and `\s` mean fewer characters, and letters that are no escapes in JavaScript (`\A`, `\Q`, `\z`) are some in RE2.
 */

/** Sets as ranges, for use inside `[…]`. */
export const UNITS = {
  lineEnds: "\\n\\r\\x{2028}\\x{2029}",
  spaces: "\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}",
  notSpaces:
    "\\x{0}-\\x{8}\\x{e}-\\x{1f}!-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}",
  all: "\\x{0}-\\x{10ffff}",
};

const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, v: 11, f: 12, r: 13, "0": 0 };
const SETS: Readonly<Record<string, string>> = { s: UNITS.spaces, S: UNITS.notSpaces };

type Read = Readonly<{ re2: string; end: number }>;

/** A character or an escape that stands for one, at `at`. */
export function readEscape(source: string, at: number, where: "outside" | "in a class"): Read {
  const character = String.fromCodePoint(source.codePointAt(at) ?? 0);
  if (character !== "\\") return { re2: coded(character), end: at + character.length };
  const letter = source[at + 1] ?? "\\";
  if ("dDwW".includes(letter)) return { re2: `\\${letter}`, end: at + 2 };
  const set = SETS[letter];
  if (set !== undefined) return { re2: where === "outside" ? `[${set}]` : set, end: at + 2 };
  if (letter === "b" && where === "in a class") return { re2: "\\x{8}", end: at + 2 };
  const control = CONTROLS[letter];
  if (control !== undefined) return { re2: `\\x{${control.toString(16)}}`, end: at + 2 };
  const code = /^(?:x([\da-fA-F]{2})|u([\da-fA-F]{4}))/.exec(source.slice(at + 1, at + 6));
  if (code !== null) return { re2: `\\x{${code[1] ?? code[2] ?? ""}}`, end: at + 1 + code[0].length };
  const pressed = /^c([A-Za-z])/.exec(source.slice(at + 1, at + 3))?.[1];
  if (pressed !== undefined) return { re2: coded(String.fromCharCode(pressed.charCodeAt(0) % 32)), end: at + 3 };
  // A backslash before `c` alone stands for itself.
  if (letter === "c") return { re2: coded("\\"), end: at + 1 };
  const plain = String.fromCodePoint(source.codePointAt(at + 1) ?? 0);
  return { re2: coded(plain), end: at + 1 + plain.length };
}

/** The class whose `[` stands at `at`. */
export function readClass(source: string, at: number): Read {
  const negated = source[at + 1] === "^";
  let end = at + (negated ? 2 : 1);
  let set = "";
  while (end < source.length && source[end] !== "]") {
    // Between two characters a hyphen makes a range in both, elsewhere it is one of the set in both.
    if (source[end] === "-") {
      set += isRange(source, at, end) ? "-" : "\\-";
      end += 1;
      continue;
    }
    const { re2, end: next } = readEscape(source, end, "in a class");
    set += re2;
    end = next;
  }
  if (set === "") return { re2: negated ? `[${UNITS.all}]` : `[^${UNITS.all}]`, end: end + 1 };
  return { re2: `[${negated ? "^" : ""}${set}]`, end: end + 1 };
}

/** Whether the hyphen has a single character on both sides. */
function isRange(source: string, open: number, hyphen: number): boolean {
  const first = hyphen === open + 1 || (hyphen === open + 2 && source[open + 1] === "^");
  const setBefore = /\\[dDwWsS]$/.test(source.slice(Math.max(open, hyphen - 2), hyphen));
  return (
    !first && !setBefore && source[hyphen + 1] !== "]" && !/^\\[dDwWsS]/.test(source.slice(hyphen + 1, hyphen + 3))
  );
}

function coded(character: string): string {
  return /^[A-Za-z0-9 ]$/.test(character) ? character : `\\x{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

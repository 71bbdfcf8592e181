/** Where words go: results to stdout, progress to stderr; colours and a live line only on a terminal. */

export interface Terminal {
  /** One line of progress; ends the live line first. */
  line(text: string): void;
  /** Begins a line anew, whatever stands on it: what a terminal shows of a Ctrl-C. */
  fresh(): void;
  /** The one line that is redrawn, on a terminal; nothing elsewhere. */
  live(text: string): void;
  /** The text cut to the terminal's width; whole where there is none. */
  cut(text: string): string;
  readonly interactive: boolean;
  bold(text: string): string;
  dim(text: string): string;
  good(text: string): string;
  bad(text: string): string;
}

const MIN_WIDTH = 40;

export function createTerminal(stream: Pick<NodeJS.WriteStream, "isTTY" | "columns" | "write">): Terminal {
  const interactive = stream.isTTY === true;
  const colour = interactive && process.env.NO_COLOR === undefined;
  const paint = (code: number) => (text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  let drawn = false;
  const fresh = () => {
    if (interactive) stream.write("\r\u001b[2K");
    drawn = false;
  };
  const clear = () => {
    if (drawn) fresh();
  };
  const cut = (text: string) => {
    const width = Math.max(stream.columns ?? 80, MIN_WIDTH) - 1;
    return !interactive || text.length <= width ? text : `${text.slice(0, width - 1)}…`;
  };
  return {
    interactive,
    cut,
    fresh,
    line(text) {
      clear();
      stream.write(`${interactive ? fold(text, Math.max(stream.columns, MIN_WIDTH)) : text}\n`);
    },
    live(text) {
      if (!interactive) return;
      clear();
      stream.write(cut(text));
      drawn = true;
    },
    bold: paint(1),
    dim: paint(2),
    good: paint(32),
    bad: paint(31),
  };
}

/**
 * A table with columns as wide as their widest cell. Where it is wider than the terminal, its last column goes below each row, so that
 * what stands in it can be copied.
 */
export function table(header: readonly string[], rows: readonly (readonly string[])[], width = stdoutWidth()): string {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => (row[column] ?? "").length)));
  const render = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  const lines = all.map(render);
  if (lines.every((line) => line.length <= width)) return lines.join("\n");
  return all.map((row) => `${render(row.slice(0, -1))}\n  ${row.at(-1) ?? ""}`.trimEnd()).join("\n");
}

/** Breaks lines that are longer than the terminal is wide between words, and sets what goes on below further in. */
export function fold(text: string, width: number): string {
  return text
    .split("\n")
    .map((line) => foldLine(line, width))
    .join("\n");
}

/** How wide what is printed may be: without a terminal, any. */
export function stdoutWidth(): number {
  return process.stdout.isTTY ? Math.max(process.stdout.columns, MIN_WIDTH) : Number.POSITIVE_INFINITY;
}

function foldLine(line: string, width: number): string {
  const indent = " ".repeat(line.length - line.trimStart().length + 2);
  const folded: string[] = [];
  let rest = line;
  while (rest.length > width) {
    const at = rest.lastIndexOf(" ", width);
    // A word longer than a line is left whole: an ARN, a path.
    if (at < indent.length) break;
    folded.push(rest.slice(0, at));
    rest = indent + rest.slice(at + 1);
  }
  return [...folded, rest].join("\n");
}

/** 1,234 ms are "1.2 s". */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** Where words go: results to stdout, progress to stderr; colours and a live line only on a terminal. */

export interface Terminal {
  /** One line of progress; ends the live line first. */
  line(text: string): void;
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

export function createTerminal(stream: NodeJS.WriteStream): Terminal {
  const interactive = stream.isTTY === true;
  const colour = interactive && process.env.NO_COLOR === undefined;
  const paint = (code: number) => (text: string) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  let drawn = false;
  const clear = () => {
    if (drawn) stream.write("\r\u001b[2K");
    drawn = false;
  };
  const cut = (text: string) => {
    const width = Math.max(stream.columns ?? 80, MIN_WIDTH) - 1;
    return !interactive || text.length <= width ? text : `${text.slice(0, width - 1)}…`;
  };
  return {
    interactive,
    cut,
    line(text) {
      clear();
      stream.write(`${text}\n`);
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

/** A table with columns as wide as their widest cell. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const render = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd();
  return [render(header), ...rows.map(render)].join("\n");
}

export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

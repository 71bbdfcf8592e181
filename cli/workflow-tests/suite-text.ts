/** A suite's file, which names the line and column of what is wrong in it. */
import { positionOf } from "../../engine/index.ts";
import { parseGiven, readGiven } from "../given-file.ts";

export type Path = readonly PropertyKey[];

export class SuiteText {
  readonly path: string;
  readonly json: unknown;
  readonly #text: string;

  /** @throws {CommandFailure} 2 for a file that cannot be read or is no JSON */
  constructor(path: string) {
    this.path = path;
    this.#text = readGiven(path);
    this.json = parseGiven(path, this.#text);
  }

  /** `FILE:LINE:COLUMN` of the first of these parts that is there, or of as much as there is of the last. */
  place(...parts: readonly Path[]): string {
    const part = parts.find((path) => this.#has(path)) ?? parts.at(-1) ?? [];
    const { line, column } = positionOf(this.#text, part.map((name) => `/${String(name)}`).join(""));
    return `${this.path}:${line}:${column}`;
  }

  #has(path: Path): boolean {
    let value: unknown = this.json;
    for (const name of path) {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return false;
      value = Reflect.get(value, name);
    }
    return true;
  }
}

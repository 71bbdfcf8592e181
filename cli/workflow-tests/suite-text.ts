/** A suite's file, which names the line and column of what is wrong in it. */
import { readFileSync } from "node:fs";
import { jsonSyntaxProblem, positionOf } from "../../engine/index.ts";
import { CommandFailure } from "../failure.ts";

export type Path = readonly PropertyKey[];

export class SuiteText {
  readonly path: string;
  readonly json: unknown;
  readonly #text: string;

  /** @throws {CommandFailure} 2 for a file that cannot be read or is no JSON */
  constructor(path: string) {
    this.path = path;
    try {
      this.#text = readFileSync(path, "utf8");
    } catch (thrown) {
      throw new CommandFailure(2, `${path} cannot be read: ${thrown instanceof Error ? thrown.message : thrown}`);
    }
    try {
      this.json = JSON.parse(this.#text);
    } catch {
      const { message, line, column } = jsonSyntaxProblem(this.#text);
      throw new CommandFailure(2, `${path}:${line}:${column}: no JSON: ${message}`);
    }
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

/** A definition's file, JSON or YAML by its ending, as JSON text whose parts know where they were written. */
import { type Diagnostic, positionOf, type TextPosition } from "../../engine/index.ts";
import { CommandFailure } from "../failure.ts";
import { jsonWithPlaceholders } from "./definition-text.ts";
import { parseYaml } from "./yaml-text.ts";

export type DefinitionSource = Readonly<{
  json: string;
  /** Line and column in the file of a diagnostic's location. */
  positionOf(location: string): TextPosition;
}>;

/** The source, or what keeps YAML from being one; broken JSON is the engine's to describe. */
export function definitionSource(file: string, text: string): DefinitionSource | Readonly<{ problem: Diagnostic }> {
  if (/\.ya?ml$/i.test(file)) return parseYaml(text);
  return { json: text, positionOf: (location) => positionOf(jsonWithPlaceholders(text), location) };
}

/** @throws {CommandFailure} with this exit code, naming the place, for YAML that is no definition */
export function definitionJson(file: string, text: string, exitCode: 2 | 3): string {
  const source = definitionSource(file, text);
  if ("json" in source) return source.json;
  const { message, line, column } = source.problem;
  throw new CommandFailure(exitCode, `${file}:${line}:${column}: ${message}`);
}

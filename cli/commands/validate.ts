/** `tidemill validate FILE…|DIR|-`: what AWS says of definitions, with line and column. */
import { type Diagnostic, type MachineType, parseDefinition } from "../../engine/index.ts";
import { taskApis } from "../../local/api-models/task-apis.ts";
import type { Context } from "../context.ts";
import { counted } from "../counted.ts";
import { CommandFailure } from "../failure.ts";
import { readGiven } from "../given-file.ts";
import { createTerminal, fold, stdoutWidth, type Terminal } from "../terminal.ts";
import { definitionSource } from "../workflow-tests/definition-source.ts";
import { engineText } from "../workflow-tests/definition-text.ts";
import { DEFINITION_NAMES, definitionStem, findFiles } from "../workflow-tests/find-files.ts";

const STANDARD_INPUT = "-";

/** `severity`: with `error`, warnings are left out. */
export type ValidateOptions = Readonly<{ type?: string; severity?: string }>;

/** The JSON is that of ValidateStateMachineDefinition, for each file. */
export type FileReport = Readonly<{ file: string; result: "OK" | "FAIL"; diagnostics: readonly Diagnostic[] }>;

/**
 * Prints a line for each diagnostic.
 * @throws {CommandFailure} 1 if there is an ERROR, 2 for a file that cannot be read
 */
export function validate(context: Context, paths: readonly string[], options: ValidateOptions): void {
  const type = oneOf("--type", options.type ?? "STANDARD", ["STANDARD", "EXPRESS"]);
  const severity = oneOf("--severity", options.severity ?? "WARNING", ["ERROR", "WARNING"]);
  const isDefinition = (name: string) => definitionStem(name) !== undefined;
  const files = [
    ...new Set(paths.flatMap((path) => (path === STANDARD_INPUT ? [path] : findFiles([path], isDefinition)))),
  ];
  if (files.length === 0) throw new CommandFailure(2, `no definitions (${DEFINITION_NAMES}) in ${paths.join(", ")}`);
  const reports = files.map((file) => reportOf(file, type, severity));
  const words = createTerminal(process.stdout);
  const width = stdoutWidth();
  const lines = reports.flatMap(({ file, diagnostics }) =>
    diagnostics.map((diagnostic) => fold(lineOf(file, diagnostic, words), width)),
  );
  const failed = reports.filter(({ result }) => result === "FAIL").length;
  const count = reports.reduce((sum, { diagnostics }) => sum + diagnostics.length, 0);
  const closing = `${files.length} checked, ${failed} refused, ${counted(count, "diagnostic")}`;
  if (failed === 0) context.print(reports, [...lines, closing].join("\n"));
  else {
    if (!context.json) process.stdout.write(`${lines.join("\n")}\n`);
    throw new CommandFailure(1, closing, reports);
  }
}

/** The diagnostics of one file. Placeholders, `${Name}`, pass for what a template will put in their place. */
export function reportOf(file: string, type: MachineType, severity: "ERROR" | "WARNING" = "WARNING"): FileReport {
  const source = definitionSource(file, readGiven(file));
  if ("problem" in source) return { file, result: "FAIL", diagnostics: [source.problem] };
  const { diagnostics } = parseDefinition(engineText(source.json), { type, apis: taskApis });
  const shown = diagnostics
    .filter((diagnostic) => severity === "WARNING" || diagnostic.severity === "ERROR")
    .map((diagnostic) => ({
      ...diagnostic,
      // The text as it is written, not as the engine was given it; broken JSON has its position already.
      ...(diagnostic.code === "INVALID_JSON_DESCRIPTION" ? {} : source.positionOf(diagnostic.location)),
    }));
  const refused = diagnostics.some((diagnostic) => diagnostic.severity === "ERROR");
  return { file, result: refused ? "FAIL" : "OK", diagnostics: shown };
}

function lineOf(
  file: string,
  { severity, code, message, location, line, column }: Diagnostic,
  words: Terminal,
): string {
  const mark = severity === "ERROR" ? words.bad(severity) : words.bold(severity);
  const place = code === "INVALID_JSON_DESCRIPTION" || location === "" ? "" : ` at ${location}`;
  return `${file}:${line ?? 1}:${column ?? 1} ${mark} ${code}: ${message.split("\n")[0]}${place}`;
}

function oneOf<const T extends readonly [string, ...string[]]>(option: string, text: string, known: T): T[number] {
  const found = known.find((name) => name === text.toUpperCase());
  if (found === undefined) throw new CommandFailure(2, `${option} takes ${known.join(" or ")}; found "${text}"`);
  return found;
}

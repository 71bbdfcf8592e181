import type { Diagnostic } from "../diagnostics.ts";
import type { MachineType } from "../engine.ts";
import type { JsonObject } from "../json.ts";
import { Findings } from "./findings.ts";
import { validateFlow } from "./flow.ts";

/** All diagnostics of a definition, in the order of the text. */
export function validateDefinition(source: JsonObject, type: MachineType): readonly Diagnostic[] {
  const findings = new Findings();
  const jsonata = source.QueryLanguage === "JSONata";
  validateFlow(source, "", { type, rootJsonata: jsonata, flowJsonata: jsonata, findings, names: new Map() });
  return findings.list;
}

import type { Diagnostic } from "../diagnostics.ts";
import type { MachineType } from "../engine.ts";
import type { JsonObject } from "../json.ts";
import { ExpressionReadings } from "../jsonata/reading.ts";
import { Findings, type Surroundings, type TaskApis } from "./findings.ts";
import { validateFlow } from "./flow.ts";
import { validateMachineNumbers } from "./numbers.ts";
import { validateScopes } from "./scopes.ts";
import { validateQueryLanguage } from "./state.ts";

type Ports = Readonly<{ apis?: TaskApis | undefined; readings?: ExpressionReadings | undefined }>;

/** All diagnostics of a definition, in the order of the text. */
export function validateDefinition(source: JsonObject, type: MachineType, ports: Ports = {}): readonly Diagnostic[] {
  const findings = new Findings();
  if (source.Version !== undefined && source.Version !== "1.0")
    findings.error("Value should be one of the following: [1.0]", "/Version");
  validateQueryLanguage(source, "/QueryLanguage", findings);
  validateMachineNumbers(source, findings);
  if (source.Comment !== undefined && typeof source.Comment !== "string")
    findings.error("Expected value of type String", "/Comment");
  validateFlow(source, "", around(source, type, findings, ports));
  validateScopes(source, "", findings);
  return findings.list;
}

function around(source: JsonObject, type: MachineType, findings: Findings, ports: Ports): Surroundings {
  const { apis, readings = new ExpressionReadings() } = ports;
  const rootJsonata = source.QueryLanguage !== undefined && source.QueryLanguage !== "JSONPath";
  return { type, rootJsonata, findings, names: new Map(), labels: new Set(), apis, readings };
}

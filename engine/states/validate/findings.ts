import type { Diagnostic } from "../diagnostics.ts";
import type { MachineType } from "../engine.ts";
import type { JsonObject } from "../json.ts";
import type { ExpressionReadings } from "../jsonata/reading.ts";

/** Collects diagnostics. */
export class Findings {
  readonly list: Diagnostic[] = [];

  error(message: string, location: string, code = "SCHEMA_VALIDATION_FAILED"): void {
    this.list.push({ severity: "ERROR", code, message, location: location === "" ? "/" : location });
  }

  /** An error of the whole, for which AWS names no place. */
  errorWithoutPlace(message: string, code: string): void {
    this.list.push({ severity: "ERROR", code, message, location: "" });
  }

  warning(message: string, location: string, code: string): void {
    this.list.push({ severity: "WARNING", code, message, location: location === "" ? "/" : location });
  }
}

/** What a host knows of the APIs that tasks call; they are no part of the engine. */
export type TaskApis = Readonly<{
  /** Says that AWS has no such API although it knows the service: `arn:aws:states:::aws-sdk:s3:getObjekt`. */
  refuses(resource: string): boolean;
  /** What is wrong with the members a task gives, in AWS's words. A value that the run computes is null. */
  problems(resource: string, members: JsonObject): readonly string[];
}>;

/** What a state's validation must know of what is around it. */
export type Surroundings = Readonly<{
  type: MachineType;
  rootJsonata: boolean;
  findings: Findings;
  /** Names of all states so far, with their locations. */
  names: Map<string, string>;
  /** Labels of all distributed Maps so far. */
  labels: Set<string>;
  apis?: TaskApis | undefined;
  readings: ExpressionReadings;
}>;

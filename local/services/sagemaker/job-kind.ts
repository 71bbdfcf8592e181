/** What tells processing and training jobs apart for the runner. */
import type { Principal } from "../../principal.ts";
import type { ContainerCommand } from "../../runtime/jobs/index.ts";

/** How far a job has come, kept so that the next home goes on from there. */
export interface JobProgress {
  phase: "preparing" | "running" | "finishing";
  /** How often its process was started. */
  starts: number;
  startedAtMs?: number;
  stopReason?: "requested" | "timeout";
  /** When the stop was asked for. */
  stopAtMs?: number;
}

export interface JobFacts {
  name: string;
  arn: string;
  roleArn: string;
  image: string;
  logGroup: string;
  logStream: string;
  /** StoppingCondition. */
  maxRuntimeSeconds: number;
}

export interface Prepared {
  container: ContainerCommand;
  /** Text of the job's requirements.txt; without it the image decides. */
  requirements: string | undefined;
}

export type Outcome =
  | { status: "Completed" }
  | { status: "Failed"; reason: string; exitCode?: number }
  | { status: "Stopped"; reason?: string; timedOut: boolean };

export interface JobPlace {
  /** The job's /opt/ml. */
  root: string;
  logFile: string;
  principal: Principal;
}

export interface JobKind<Document> {
  kind: "processing-job" | "training-job";
  facts(document: Document): JobFacts;
  isOver(document: Document): boolean;
  /** Lays the inputs out and tells what to run. @throws JobFailure, AwsError */
  prepare(document: Document, place: JobPlace): Promise<Prepared>;
  /** The document once the process runs, is being stopped, or delivers its outputs. */
  entered(document: Document, state: "running" | "stopping" | "finishing", at: Date): Document;
  /** Delivers what the process left; also after a stop. Repeating it is harmless. @throws JobFailure, AwsError */
  collect(document: Document, place: JobPlace, outcome: Outcome): Promise<Document>;
  /** The document at its end. */
  ended(document: Document, place: JobPlace, outcome: Outcome, at: Date): Document;
  /** FailureReason of a process that ended with this exit code. */
  exitReason(document: Document, place: JobPlace, code: number): string;
  announce(document: Document): void;
}

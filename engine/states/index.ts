/**
 * Amazon States Language: parse → compile → run → journal, pure. How a host drives it stands in engine.ts.
 *
 * ```ts
 * parseDefinition(text, { type }): ParseResult
 * compile(definition): Machine
 * startExecution(machine, options): Execution
 * restoreExecution(machine, checkpoint): Execution
 * ```
 */

export { compile, UnknownFlowError } from "./compile.ts";
export { Coverage, type CoverageCount, type CoverageSummary, type CoveredPart } from "./coverage/coverage.ts";
export type { Part, PartKind } from "./coverage/parts.ts";
export type { Diagnostic } from "./diagnostics.ts";
export { InvalidDefinitionError, invalidDefinitionMessage } from "./diagnostics.ts";
export type {
  Decision,
  Definition,
  Execution,
  ExecutionOptions,
  ExecutionPorts,
  Machine,
  MachineType,
  ParseResult,
} from "./engine.ts";
export { restoreExecution, startExecution } from "./execution.ts";
export { type ApiHistoryEvent, type HistoryDetails, type HistoryEvent, toApiEvent } from "./history.ts";
export { decodeHistory, encodeHistory, type HistoryChunk } from "./history-codec.ts";
export { HistoryChunkError } from "./history-reader.ts";
export type { JsonObject, JsonValue } from "./json.ts";
export { ExpressionReadings, type Reading } from "./jsonata/reading.ts";
export { MAX_DEFINITION_BYTES, type ParseOptions, parseDefinition } from "./parse.ts";
export { printDefinition } from "./print.ts";
export type {
  Batch,
  CompletedChild,
  Effect,
  ExecutionOutcome,
  ExecutionStatus,
  InputEvent,
  Integration,
  IntegrationPattern,
  MapRunSettings,
  ReadItemsEffect,
  ScheduleTaskEffect,
  StartChildEffect,
  WriteResultsEffect,
} from "./protocol.ts";
export type { RecordedHistory } from "./recording.ts";
export { CheckpointError, type RestorePorts } from "./run/checkpoint.ts";
export type { PartsReader, PartsWriter } from "./run/checkpoint-parts.ts";
export { type Simulation, SimulationError, type SimulationOptions, simulate, simulateCompiled } from "./simulate.ts";
export { type ExhaustReport, type ExhaustRun, exhaust, type Injection } from "./simulation/exhaust.ts";
export {
  type MockedResponse,
  type MockedResponses,
  type SimulatedTask,
  StubError,
  type StubFunction,
  type TaskCall,
  TaskFailure,
  type TaskStub,
  type TestStateMock,
} from "./simulation/task-stub.ts";
export { MAX_TEST_MS } from "./test-state/drive.ts";
export {
  type InspectionLevel,
  ItemsError,
  TestStateError,
  type TestStatePorts,
  type TestStateRequest,
  type TestStateResponse,
  testState,
} from "./test-state/test-state.ts";
export { instantText } from "./timestamp.ts";
export type { TaskApis } from "./validate/findings.ts";
export { jsonSyntaxProblem } from "./validate/json-text.ts";
export { positionOf, type TextPosition } from "./validate/text-position.ts";
export {
  createRequestProblem,
  type ValidationAnswer,
  type ValidationRequest,
  validateStateMachineDefinition,
} from "./validate/validate.ts";
export { variableReferences } from "./variable-references.ts";

/** A stored query in the SDK's shape. */
import type { QueryExecution } from "@aws-sdk/client-athena";
import { athenaError } from "./query-life.ts";
import type { Query } from "./query-store.ts";

export const ENGINE = "Athena engine version 3";

export function describeQuery(query: Query): QueryExecution {
  const started = query.startedMs ?? query.completedMs;
  const total = (query.completedMs ?? query.submittedMs) - query.submittedMs;
  const error = athenaError(query);
  return {
    QueryExecutionId: query.id,
    Query: query.text,
    StatementType: query.statementType,
    SubstatementType: query.kind.toUpperCase().replaceAll("-", "_"),
    ResultConfiguration: {
      OutputLocation: query.outputLocation,
      ...(query.encryption?.EncryptionOption === "SSE_S3"
        ? { EncryptionConfiguration: { EncryptionOption: "SSE_S3" } }
        : {}),
    },
    ResultReuseConfiguration: {
      ResultReuseByAgeConfiguration: {
        Enabled: query.reuse?.enabled ?? false,
        ...(query.reuse?.maxAgeInMinutes === undefined ? {} : { MaxAgeInMinutes: query.reuse.maxAgeInMinutes }),
      },
    },
    QueryExecutionContext: query.database === "" ? {} : { Database: query.database, Catalog: "awsdatacatalog" },
    Status: {
      State: query.state,
      SubmissionDateTime: new Date(query.submittedMs),
      ...(query.completedMs === undefined ? {} : { CompletionDateTime: new Date(query.completedMs) }),
      ...(query.reason === undefined ? {} : { StateChangeReason: query.reason }),
      ...(query.state === "FAILED"
        ? {
            AthenaError: {
              ErrorCategory: error.errorCategory,
              ErrorType: error.errorType,
              Retryable: error.retryable,
              ErrorMessage: error.errorMessage,
            },
          }
        : {}),
    },
    Statistics: {
      EngineExecutionTimeInMillis: started === undefined ? 0 : (query.completedMs ?? started) - started,
      DataScannedInBytes: query.scannedBytes ?? 0,
      TotalExecutionTimeInMillis: total,
      QueryQueueTimeInMillis: started === undefined ? 0 : started - query.submittedMs,
      ServiceProcessingTimeInMillis: 0,
      ResultReuseInformation: { ReusedPreviousResult: false },
      ...(query.manifestLocation === undefined ? {} : { DataManifestLocation: query.manifestLocation }),
    },
    WorkGroup: query.workGroup,
    EngineVersion: { SelectedEngineVersion: ENGINE, EffectiveEngineVersion: ENGINE },
    ...(query.parameters.length > 0 ? { ExecutionParameters: query.parameters } : {}),
  };
}

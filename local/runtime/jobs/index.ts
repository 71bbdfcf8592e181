/** Runs user code under SageMaker's container contract, as child processes that outlive the home. */
export { packFolder, unpackArchive } from "./archive.ts";
export { baseRequirements, imageName } from "./base-environments.ts";
export { CONTAINER_ROOT, type ContainerCommand, contained, hostPath, isolation } from "./container.ts";
export { containerEnvironment, jobFolders, OPENMP_SPIN_BESIDE_OTHERS } from "./container-environment.ts";
export { createEnvironmentCache, type Environment, type EnvironmentCache } from "./environment.ts";
export { type FinalMetric, finalMetrics } from "./final-metrics.ts";
export { createInterpreterPool, type InterpreterPool } from "./interpreter-pool.ts";
export { leftFiles, removeTree } from "./left-files.ts";
export { followLog, type LogFollower, type LogSink } from "./log-follower.ts";
export { lastLine } from "./log-lines.ts";
export { type PipedChannel, pipedFolder, withPipes } from "./pipes.ts";
export { outputText, prepareProcessing, requirementsBeside } from "./processing-container.ts";
export {
  attachServing,
  endServing,
  type Invocation,
  type InvocationAnswer,
  openServing,
  ServingAnswerError,
  type ServingProcess,
  ServingStartError,
} from "./serving-container.ts";
export { endStrays } from "./stray-processes.ts";
export { attachSupervised, type ProcessExit, type SupervisedProcess, startSupervised } from "./supervised-process.ts";
export { hasProgram, prepareTraining, sourceRequirements } from "./training-container.ts";
export { isXgboostImage, XGBOOST_ALGORITHM, xgboostMetrics } from "./xgboost-algorithm.ts";

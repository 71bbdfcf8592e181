/** The embedded home's public face, for the CLI, the console and tests. */
export {
  type ApplyResult,
  AssemblyError,
  applyAssembly,
  type Change,
  type GivenParameter,
  placeOfAssembly,
  readAssembly,
} from "./assembly/index.ts";
export { AwsError } from "./aws-error.ts";
export { type Clock, systemClock } from "./clock.ts";
export { type ClientConfig, type Home, type HomeOptions, openHome } from "./home.ts";
export { HomeFileError } from "./home-file-error.ts";
export { HomeInUseError } from "./home-lock.ts";
export { findRunningHome, type RunningHome } from "./running.ts";
export { StoreFailedError } from "./store/index.ts";

/** Puts a CDK cloud assembly up in a home. */
export { type ApplyPorts, type ApplyResult, applyAssembly } from "./apply-assembly.ts";
export { AssemblyError } from "./assembly-error.ts";
export { createAssetRegistry } from "./asset-registry.ts";
export type { Change } from "./change-resource.ts";
export type { GivenParameter } from "./given-parameters.ts";
export type { LedgerEntry } from "./ledger.ts";
export { placeOfAssembly, readAssembly } from "./read-assembly.ts";
export { type StackRecord, Stacks } from "./stacks.ts";

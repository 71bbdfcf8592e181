/** Puts a CDK cloud assembly up in a home. */
export { type ApplyOptions, type ApplyPorts, type ApplyResult, applyAssembly } from "./apply-assembly.ts";
export { AssemblyError, type AssemblyErrorCode } from "./assembly-error.ts";
export { createAssetRegistry, type WritableAssetRegistry } from "./asset-registry.ts";
export type { Change } from "./change-resource.ts";
export type { LedgerEntry } from "./ledger.ts";
export { type Assembly, type AssemblyStack, readAssembly } from "./read-assembly.ts";
export { type StackRecord, Stacks } from "./stacks.ts";

/** What can be wrong with an assembly or with putting it up. */
export type AssemblyErrorCode =
  | "AssemblyInvalid"
  | "AssemblyUnsupported"
  | "AssemblyCycle"
  | "AssemblyApplyFailed"
  | "AssetRefused";

/** A cloud assembly that cannot be read, is not supported here, or whose resource failed. The message says where and what to do. */
export class AssemblyError extends Error {
  override readonly name = "AssemblyError";
  readonly code: AssemblyErrorCode;

  constructor(code: AssemblyErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

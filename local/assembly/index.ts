import type { AssetRegistry } from "../define-service.ts";
/** Stand-in until the real assembly reader lands (assembly engineer overwrites this file). */
export function createAssetRegistry(_directory: string): AssetRegistry {
  return { locate: () => undefined };
}

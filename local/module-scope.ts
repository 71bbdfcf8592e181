/**
 * The home's package.json. Node.js takes the module system of a `.js` file from the next package.json above it; functions'
 * code lies in the home, and the project around it would decide for them. On AWS nothing lies above a function.
 */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Makes the home a package of its own, which says nothing of modules: their syntax decides, as in Lambda's runtime. */
export function keepModuleScope(directory: string): void {
  const path = join(directory, "package.json");
  if (!existsSync(path)) writeFileSync(path, "{}\n");
}

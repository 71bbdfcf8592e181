/** The token table named by LIFECYCLE_TABLE, its client loaded when first used. */

import { soon } from "../step/soon.ts";
import type { TokenStore } from "./token-store.ts";

const tokens = soon(() => import("../aws/tokens.ts"));
const table = async () => (await tokens()).tokenTable(process.env.LIFECYCLE_TABLE ?? "");

export const lazyTable: TokenStore = {
  put: async (token) => (await table()).put(token),
  move: async (...what) => (await table()).move(...what),
  list: async (awaited) => (await table()).list(awaited),
  remove: async (...which) => (await table()).remove(...which),
};

const sfn = soon(() => import("../aws/sfn.ts"));

/** Ends tasks through Step Functions. */
export const lazyEnds = {
  sendSuccess: async (token: string, output: unknown) => (await sfn()).sendSuccess(token, output),
  sendFailure: async (token: string, error: string, cause: string) => (await sfn()).sendFailure(token, error, cause),
};

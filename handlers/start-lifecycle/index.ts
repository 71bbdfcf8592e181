/**
 * Starts data-product-update for whatever may have changed a product, once a data version.
 *
 * The execution's name is made of product and version, so a repeated, late or reordered event finds the name taken. A version that
 * is back, and was replaced before its execution had read it, or failed, begins again under a number. Somebody's explicit request gets
 * a name of its own, and takes the version that it finds; whether there is anything to do is then the workflow's claim to decide.
 */
import * as z from "zod/mini";
import type { Claim } from "../aws/claims.ts";
import type { Product } from "../products/config.ts";
import { PRODUCTS_PATH, parseProduct } from "../products/config.ts";
import { type ProductObjects, productState } from "../products/data-version.ts";
import { soon } from "../step/soon.ts";
import { type StepLog, step } from "../step/step.ts";
import { isForced, kindOf, productsOf, Trigger } from "./trigger.ts";

/** Of a time to the second: 20260131120000. */
const SECONDS_DIGITS = 14;

const Start = z.strictObject({
  product: z.string(),
  dataVersion: z.optional(z.string()),
  outcome: z.enum(["started", "duplicate", "empty", "claimed"]),
  executionArn: z.optional(z.string()),
});
const Output = z.strictObject({ starts: z.array(Start) });
type Start = z.infer<typeof Start>;

export type Adapters = ProductObjects &
  Readonly<{
    readParameters: (path: string) => Promise<readonly string[]>;
    readClaim: (product: string, dataVersion: string) => Promise<Claim | undefined>;
    startExecution: (name: string, input: unknown) => Promise<string | undefined>;
    now: () => number;
  }>;

/** The handler on given adapters; its answer names every product looked at and why it was started or not. */
export const createHandler = (adapters: Adapters) =>
  step<Trigger, z.infer<typeof Output>>({
    name: "start-lifecycle",
    input: Trigger,
    output: Output,
    work: async (trigger, { log }) => {
      const texts = await adapters.readParameters(PRODUCTS_PATH);
      const products = productsOf(
        trigger,
        texts.map((text) => parseProduct(text, PRODUCTS_PATH)),
      );
      if (products.length === 0) log.info("no product is concerned", { trigger });
      const starts: Start[] = [];
      for (const product of products) starts.push(await start(product, trigger, adapters, log));
      return { starts };
    },
  });

async function start(product: Product, trigger: Trigger, adapters: Adapters, log: StepLog): Promise<Start> {
  const name = product.product;
  const state = await productState(product, adapters);
  if (state === undefined) return { product: name, outcome: "empty" };
  const { dataVersion, changedAt } = state;
  const kind = kindOf(trigger);
  if (kind === "reconciliation" && (await isSettled({ product: name, dataVersion, changedAt }, adapters))) {
    log.info("this data version is worked on or was", { product: name, dataVersion });
    return { product: name, dataVersion, outcome: "claimed" };
  }
  const force = isForced(trigger);
  const asked = kind === "manual" || force;
  const base = `${name}-${dataVersion}`;
  // The time makes every request another input: StartExecution takes the same name and input again while it runs, as if new.
  const requestedAt = new Date(adapters.now()).toISOString();
  const input = {
    product: name,
    trigger: kind,
    requestedAt,
    ...(asked ? {} : { dataVersion }),
    ...(force && { force }),
  };
  const first = asked ? `${base}-${kind}-${adapters.now().toString(36)}` : base;
  const executionArn =
    (await adapters.startExecution(first, input)) ??
    (await startAgain(base, input, { product: name, dataVersion, changedAt }, adapters));
  if (executionArn === undefined) {
    log.info("this data version has its execution already", { product: name, dataVersion });
    return { product: name, dataVersion, outcome: "duplicate" };
  }
  return { product: name, dataVersion, outcome: "started", executionArn };
}

type Found = Readonly<{ product: string; dataVersion: string; changedAt: string }>;

/** Whether whoever claimed the version has, had or will have it. */
async function isSettled({ product, dataVersion, changedAt }: Found, { readClaim }: Adapters): Promise<boolean> {
  const claim = await readClaim(product, dataVersion);
  return claim !== undefined && numberOf(claim, changedAt) === undefined;
}

async function startAgain(
  base: string,
  input: unknown,
  { product, dataVersion, changedAt }: Found,
  adapters: Adapters,
): Promise<string | undefined> {
  const number = numberOf(await adapters.readClaim(product, dataVersion), changedAt);
  return number === undefined ? undefined : adapters.startExecution(`${base}-${number}`, input);
}

/**
 * What distinguishes another execution of a version, for one keeps its name whatever becomes of it; undefined where there is nothing
 * for another to do. What was not written again since it failed is not begun again: events of its own crawl would do so for ever.
 */
function numberOf(claim: Claim | undefined, changedAt: string): string | undefined {
  if (claim === undefined || claim.status === "COMPLETED") return undefined;
  if (claim.status === "SUPERSEDED") return String(claim.timesSuperseded);
  return changedAt > claim.since ? changedAt.replaceAll(/\D/g, "").slice(0, SECONDS_DIGITS) : undefined;
}

const s3 = soon(() => import("../aws/s3.ts"));
const ssm = soon(() => import("../aws/ssm.ts"));
const claims = soon(() => import("../aws/claims.ts"));
const sfn = soon(() => import("../aws/sfn.ts"));
export const handler = createHandler({
  listObjects: async (...at) => (await s3()).listObjects(...at),
  readText: async (...at) => (await s3()).readText(...at),
  readParameters: async (path) => (await ssm()).readParameters(path),
  readClaim: async (...version) => (await claims()).readClaim(process.env.LIFECYCLE_TABLE ?? "", ...version),
  startExecution: async (...what) => (await sfn()).startExecution(process.env.STATE_MACHINE_ARN ?? "", ...what),
  now: () => Date.now(),
});

/**
 * Starts data-product-update for whatever may have changed a product, once a data version.
 *
 * The execution's name is made of product and version, so a repeated, late or reordered event finds the name taken. A version that
 * was replaced before its execution had read it, and is back, begins again under a number. Somebody's explicit request gets a name
 * of its own, and takes the version that it finds; whether there is anything to do is then the workflow's claim to decide.
 */
import * as z from "zod/mini";
import type { Claim } from "../aws/claims.ts";
import type { Product } from "../products/config.ts";
import { PRODUCTS_PATH, parseProduct } from "../products/config.ts";
import { type ProductObjects, productState } from "../products/data-version.ts";
import { soon } from "../step/soon.ts";
import { type StepLog, step } from "../step/step.ts";
import { isForced, kindOf, productsOf, Trigger } from "./trigger.ts";

/** The status of a claim that was given up for a newer version. */
const SUPERSEDED = "SUPERSEDED";

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
  const { dataVersion } = state;
  const kind = kindOf(trigger);
  if (kind === "reconciliation" && isWorkedOn(await adapters.readClaim(name, dataVersion))) {
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
    (await adapters.startExecution(first, input)) ?? (await startAgain(base, input, { name, dataVersion }, adapters));
  if (executionArn === undefined) {
    log.info("this data version has its execution already", { product: name, dataVersion });
    return { product: name, dataVersion, outcome: "duplicate" };
  }
  return { product: name, dataVersion, outcome: "started", executionArn };
}

/** An execution that left the version keeps its name, and a failed one is begun again by a person: its own events would do so for ever. */
async function startAgain(
  base: string,
  input: unknown,
  { name, dataVersion }: { name: string; dataVersion: string },
  adapters: Adapters,
): Promise<string | undefined> {
  const claim = await adapters.readClaim(name, dataVersion);
  if (claim?.status !== SUPERSEDED) return undefined;
  return adapters.startExecution(`${base}-${claim.timesSuperseded}`, input);
}

function isWorkedOn(claim: Claim | undefined): boolean {
  return claim !== undefined && claim.status !== SUPERSEDED;
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

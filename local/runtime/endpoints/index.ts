/**
 * Where the sagemaker service offers its endpoints to sagemaker-runtime: two services on AWS, which meet in what serves.
 */
import type { Invocation, InvocationAnswer } from "../jobs/index.ts";

/** Why an endpoint could not be deployed, in the words of SageMaker, which names no kind here, and then this home's. */
export class DeploymentError extends Error {
  override readonly name = "DeploymentError";
  readonly code = "DEPLOYMENT";
  /** What did not go through. */
  readonly step: "download" | "extract" | "start";

  constructor(step: DeploymentError["step"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.step = step;
  }
}

/** What a request asks of a model among many cannot be; the words are SageMaker's, where they are known. */
export class TargetModelError extends Error {
  override readonly name = "TargetModelError";
  readonly code = "TARGET_MODEL";
}

/** The endpoint serves, but no production variant of that name. */
export class UnknownVariantError extends Error {
  override readonly name = "UnknownVariantError";
  readonly code = "UNKNOWN_VARIANT";

  constructor(variant: string, known: readonly string[]) {
    super(`no production variant is called ${variant}; expected one of: ${known.join(", ")}`);
  }
}

export interface ServedEndpoints {
  /**
   * One request to an endpoint; a serving process that died is started again first.
   * @param asked production variant (default: by weight), and which of a multi-model endpoint's models
   * @throws UnknownVariantError, TargetModelError
   * @returns the answer and the variant that gave it; undefined when no such endpoint is in service
   */
  invoke(
    endpointName: string,
    invocation: Invocation,
    asked?: { variant?: string | undefined; targetModel?: string | undefined },
  ): Promise<{ answer: InvocationAnswer; variant: string } | undefined>;
}

const offered = new WeakMap<object, ServedEndpoints>();

/** @param home the ports object both services of one home are given */
export function offerEndpoints(home: object, endpoints: ServedEndpoints): void {
  offered.set(home, endpoints);
}

/** Undefined when the home runs no sagemaker service. */
export function endpointsOf(home: object): ServedEndpoints | undefined {
  return offered.get(home);
}

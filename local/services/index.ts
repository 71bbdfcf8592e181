/** The services of the home, in the order they start: what others emit to or read from comes first. */
import type { ServiceDefinition } from "../define-service.ts";
import { s3 } from "./s3/index.ts";
import { states } from "./states/index.ts";

export const services: readonly ServiceDefinition[] = [s3, states];

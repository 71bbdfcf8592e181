/**
 * What an AWS service's API looks like, with the constraints that SDK schemas leave out: required members, lengths, ranges, enums.
 *
 * `data/` holds one file a service, extracted from botocore by generate.ts (Apache-2.0; see data/NOTICE) and read when a
 * service is first asked for. Members are named as Step Functions names them, which is how AWS SDK for Java 2 does.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import { z } from "zod";

const Bounds = { min: z.number().optional(), max: z.number().optional() };
const ShapeSource = z.discriminatedUnion("t", [
  z.object({
    t: z.literal("structure"),
    m: z.record(z.string(), z.number()),
    /** Required members. */
    r: z.array(z.string()).optional(),
    /** Those of them that clients make up when nobody gives them: idempotency tokens. */
    g: z.array(z.string()).optional(),
  }),
  z.object({ t: z.literal("list"), v: z.number(), ...Bounds }),
  z.object({ t: z.literal("map"), v: z.number(), ...Bounds }),
  z.object({ t: z.literal("string"), e: z.array(z.string()).optional(), ...Bounds }),
  z.object({ t: z.literal("blob"), ...Bounds }),
  z.object({ t: z.literal("integer"), ...Bounds }),
  z.object({ t: z.literal("float"), ...Bounds }),
  z.object({ t: z.literal("boolean") }),
  z.object({ t: z.literal("timestamp") }),
  z.object({ t: z.literal("document") }),
]);
/** The form of a file in `data/`: shapes refer to one another by their place in `shapes`. */
export const ApiModelSource = z.object({
  serviceId: z.string(),
  /** Operation → places of its input's and output's shapes. */
  operations: z.record(z.string(), z.object({ i: z.number().optional(), o: z.number().optional() })),
  shapes: z.array(ShapeSource),
});
export type ApiModelSource = z.infer<typeof ApiModelSource>;

/** A shape of an API; containers lead to further ones by `ApiModel.shape`. */
export type ApiShape = z.infer<typeof ShapeSource>;

export interface ApiOperation {
  input: ApiShape | undefined;
  output: ApiShape | undefined;
}

export class ApiModel {
  /** As botocore has it: `SageMaker`, `CloudWatch Logs`. */
  readonly serviceId: string;
  readonly #source: ApiModelSource;

  constructor(source: ApiModelSource) {
    this.serviceId = source.serviceId;
    this.#source = source;
  }

  /** @param name as in a task's resource, `getObject`; undefined for an operation the service does not have */
  operation(name: string): ApiOperation | undefined {
    const pascal = name.charAt(0).toUpperCase() + name.slice(1);
    const found = Object.hasOwn(this.#source.operations, pascal) ? this.#source.operations[pascal] : undefined;
    return found === undefined ? undefined : { input: this.shape(found.i), output: this.shape(found.o) };
  }

  shape(place: number | undefined): ApiShape | undefined {
    return place === undefined ? undefined : this.#source.shapes[place];
  }
}

const models = new Map<string, ApiModel | undefined>();

/** @param service as in `aws-sdk:<service>:`, `sfn` or `cloudwatchlogs`; undefined for a service AWS has not (or not yet then) */
export function apiModel(service: string): ApiModel | undefined {
  const key = service.toLowerCase();
  if (!models.has(key)) models.set(key, read(key));
  return models.get(key);
}

function read(key: string): ApiModel | undefined {
  const file = join(import.meta.dirname, "data", `${key}.json.br`);
  if (!/^[a-z0-9]+$/.test(key) || !existsSync(file)) return undefined;
  const text = brotliDecompressSync(readFileSync(file)).toString("utf8");
  return new ApiModel(ApiModelSource.parse(JSON.parse(text)));
}

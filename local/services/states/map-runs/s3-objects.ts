/** The objects of an ItemReader, read from S3 as the state machine's role. */
import type { JsonObject } from "../../../../engine/states/index.ts";
import { type AwsError, toAwsError } from "../../../aws-error.ts";
import type { HomePorts } from "../../../define-service.ts";
import type { Principal } from "../../../principal.ts";
import { ItemReaderError } from "../items/item-reader-error.ts";
import type { ObjectPort } from "../items/object-port.ts";

export function s3Objects(home: HomePorts, principal: Principal): ObjectPort {
  const call = async (operation: string, input: object): Promise<object> => {
    try {
      const answer = await home.call("s3", operation, input, principal);
      return typeof answer === "object" && answer !== null ? answer : {};
    } catch (thrown) {
      throw new ItemReaderError(s3Cause(toAwsError(thrown), home.uuid()), { cause: thrown });
    }
  };
  return {
    async read(location) {
      const body: unknown = Reflect.get(await call("GetObject", location), "Body");
      return isChunks(body) ? body : noChunks();
    },
    async *list(parameters) {
      let input: object = parameters;
      for (;;) {
        const page = await call("ListObjectsV2", input);
        const contents: unknown = Reflect.get(page, "Contents");
        for (const object of Array.isArray(contents) ? contents : []) yield listed(object);
        const token: unknown = Reflect.get(page, "NextContinuationToken");
        if (typeof token !== "string") return;
        input = { ...parameters, ContinuationToken: token };
      }
    },
  };
}

/** AWS's words for a failed call to S3. */
export function s3Cause(error: AwsError, requestId: string): string {
  return `${error.message} (Service: Amazon S3; Status Code: ${error.status}; Error Code: ${error.code}; Request ID: ${requestId}; Proxy: null)`;
}

function listed(object: object): JsonObject {
  const modified: unknown = Reflect.get(object, "LastModified");
  return {
    Etag: String(Reflect.get(object, "ETag")),
    Key: String(Reflect.get(object, "Key")),
    LastModified: modified instanceof Date ? Math.floor(modified.getTime() / 1000) : 0,
    Size: Number(Reflect.get(object, "Size")),
    StorageClass: String(Reflect.get(object, "StorageClass") ?? "STANDARD"),
  };
}

function isChunks(body: unknown): body is AsyncIterable<Uint8Array> {
  return typeof body === "object" && body !== null && Symbol.asyncIterator in body;
}

async function* noChunks(): AsyncGenerator<Uint8Array, void> {}

/**
 * The `aws-chunked` content coding: `<hex size>[;chunk-signature=…]\r\n<bytes>\r\n … 0\r\n<trailer>: <value>\r\n\r\n`.
 *
 * SDKs send it for S3 uploads whose checksum follows the body. The decoded stream carries the trailers in `trailers`, as
 * `http.IncomingMessage` does: complete once the stream has ended.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
 */
import { type Readable, Transform, type TransformCallback } from "node:stream";
import { AwsError } from "../aws-error.ts";

const LONGEST_LINE_BYTES = 16 * 1024;
const MOST_TRAILERS = 64;

type Stage = "size" | "data" | "data-end" | "trailer" | "done";

/** True when the request says its body is in this coding. */
export function isAwsChunked(headers: Readonly<Record<string, string | string[] | undefined>>): boolean {
  return (
    String(headers["x-amz-content-sha256"] ?? "").startsWith("STREAMING-") ||
    String(headers["content-encoding"] ?? "")
      .split(",")
      .some((coding) => coding.trim() === "aws-chunked")
  );
}

/**
 * Decodes a body. A malformed one errors the returned stream: IncompleteBody (also for other than
 * `x-amz-decoded-content-length` bytes), InvalidChunkSizeError, MalformedTrailerError (also when one of `x-amz-trailer` is missing).
 */
export function decodeAwsChunked(
  body: Readable,
  headers: Readonly<Record<string, string | string[] | undefined>>,
): AwsChunkedBody {
  const length = headers["x-amz-decoded-content-length"];
  const declared = String(headers["x-amz-trailer"] ?? "").split(",");
  const decoded = new AwsChunkedBody(
    length === undefined ? undefined : Number(length),
    declared.map((name) => name.trim().toLowerCase()).filter((name) => name !== ""),
  );
  // A body may break before its reader listens, or after the request was refused; who reads it is told nevertheless.
  decoded.on("error", () => undefined);
  body.once("error", (error) => decoded.destroy(error));
  // A caller that went away mid-body must not look like an end.
  body.once("close", () => {
    if (!body.readableEnded) decoded.destroy(incomplete());
  });
  return body.pipe(decoded);
}

/** The decoded stream. */
export class AwsChunkedBody extends Transform {
  readonly trailers: Record<string, string> = {};
  readonly #length: number | undefined;
  readonly #declared: readonly string[];
  #received = 0;
  #trailerLines = 0;
  #stage: Stage = "size";
  #left = 0;
  #line = "";

  constructor(length: number | undefined, declaredTrailers: readonly string[]) {
    super();
    this.#length = length;
    this.#declared = declaredTrailers;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      for (let at = 0; at < chunk.length; ) at = this.#stage === "data" ? this.#data(chunk, at) : this.#text(chunk, at);
      done();
    } catch (thrown) {
      done(thrown instanceof Error ? thrown : new Error(String(thrown)));
    }
  }

  override _flush(done: TransformCallback): void {
    // Some senders leave out the last empty line after the trailers.
    if (this.#stage === "trailer" && this.#line.trim() === "") this.#stage = "done";
    done(this.#problem() ?? null);
  }

  #problem(): AwsError | undefined {
    if (this.#stage !== "done") return incomplete();
    if (this.#length !== undefined && this.#length !== this.#received) return incomplete();
    return this.#declared.every((name) => Object.hasOwn(this.trailers, name)) ? undefined : badTrailer();
  }

  #data(chunk: Buffer, at: number): number {
    const end = Math.min(at + this.#left, chunk.length);
    this.push(chunk.subarray(at, end));
    this.#left -= end - at;
    this.#received += end - at;
    if (this.#left === 0) this.#stage = "data-end";
    return end;
  }

  #text(chunk: Buffer, at: number): number {
    const newline = chunk.indexOf(10, at);
    const end = newline === -1 ? chunk.length : newline;
    this.#line += chunk.toString("latin1", at, end);
    if (this.#line.length > LONGEST_LINE_BYTES) throw badChunk("a line without end");
    if (newline === -1) return end;
    const line = this.#line.trimEnd();
    this.#line = "";
    this.#take(line);
    return newline + 1;
  }

  #take(line: string): void {
    if (this.#stage === "size") {
      const size = /^([0-9a-fA-F]{1,12})(;.*)?$/.exec(line)?.[1];
      if (size === undefined) throw badChunk(`"${line.slice(0, 40)}" where a chunk size should stand`);
      this.#left = Number.parseInt(size, 16);
      this.#stage = this.#left === 0 ? "trailer" : "data";
    } else if (this.#stage === "data-end") {
      if (line !== "") throw badChunk("more bytes than its chunk size says");
      this.#stage = "size";
    } else if (this.#stage === "trailer") {
      const colon = line.indexOf(":");
      if (++this.#trailerLines > MOST_TRAILERS) throw badTrailer();
      if (line === "") this.#stage = "done";
      else if (colon > 0) this.trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
    }
  }
}

function incomplete(): AwsError {
  return new AwsError("IncompleteBody", "The request body terminated unexpectedly");
}

function badTrailer(): AwsError {
  return new AwsError(
    "MalformedTrailerError",
    "The request contained trailing data that was not well-formed or did not conform to our published schema.",
  );
}

function badChunk(found: string): AwsError {
  return new AwsError("InvalidChunkSizeError", `The body's aws-chunked coding is broken: found ${found}`);
}

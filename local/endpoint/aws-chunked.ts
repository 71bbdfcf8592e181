/**
 * The `aws-chunked` content coding: `<hex size>[;chunk-signature=…]\r\n<bytes>\r\n … 0\r\n<trailer>: <value>\r\n\r\n`.
 *
 * SDKs send it for S3 uploads whose checksum follows the body. The decoded stream carries the trailers in `trailers`, as
 * `http.IncomingMessage` does: complete once the stream has ended. Bytes are passed on before their chunk's signature came,
 * so a reader must keep nothing of a stream that errors.
 * Sources: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html; what S3 answers to a broken body was
 * seen by others: github.com/versity/versitygw issues 1665, 1666, 1683, 1691.
 */
import { type Readable, Transform, type TransformCallback } from "node:stream";
import { AwsError } from "../aws-error.ts";
import type { ChunkSignatures } from "./chunk-signatures.ts";
import { incompleteBody, pipeThrough } from "./pipe-through.ts";

type Headers = Readonly<Record<string, string | string[] | undefined>>;

interface Coding {
  /** Decoded bytes as declared. */
  length: number | undefined;
  /** Names in `x-amz-trailer`. */
  trailers: readonly string[];
  /** The body must end in trailers, because x-amz-content-sha256 says so. */
  trailing: boolean;
  /** Undefined: the chunks are not signed. */
  signatures: ChunkSignatures | undefined;
}

const LONGEST_LINE_BYTES = 16 * 1024;
const MOST_TRAILERS = 64;
const SMALLEST_CHUNK_BYTES = 8192;
const TRAILER_SIGNATURE = "x-amz-trailer-signature";

type Stage = "size" | "data" | "data-end" | "trailer" | "done";

/** True when the request says its body is in this coding. */
export function isAwsChunked(headers: Headers): boolean {
  return (
    String(headers["x-amz-content-sha256"] ?? "").startsWith("STREAMING-") ||
    String(headers["content-encoding"] ?? "")
      .split(",")
      .some((coding) => coding.trim() === "aws-chunked")
  );
}

/**
 * Decodes a body; `signatures` when its chunks are signed. A malformed one errors the returned stream: IncompleteBody (also for
 * other than `x-amz-decoded-content-length` bytes), InvalidChunkSizeError, SignatureDoesNotMatch, MalformedTrailerError
 * (trailers are not the ones `x-amz-trailer` names).
 * @throws AwsError MissingContentLength, MalformedTrailerError of the headers
 */
export function decodeAwsChunked(body: Readable, headers: Headers, signatures?: ChunkSignatures): AwsChunkedBody {
  return pipeThrough(body, new AwsChunkedBody(readCoding(headers, signatures)));
}

function readCoding(headers: Headers, signatures: ChunkSignatures | undefined): Coding {
  const streaming = String(headers["x-amz-content-sha256"] ?? "");
  const length = headers["x-amz-decoded-content-length"];
  const trailers = String(headers["x-amz-trailer"] ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== "");
  if (streaming.startsWith("STREAMING-") && !/^\d{1,15}$/.test(String(length ?? "")))
    throw new AwsError("MissingContentLength", "You must provide the Content-Length HTTP header.", { status: 411 });
  const trailing = streaming.endsWith("-TRAILER");
  if (trailing && trailers.length === 0) throw badTrailer();
  return { length: length === undefined ? undefined : Number(length), trailers, trailing, signatures };
}

/** The decoded stream. */
export class AwsChunkedBody extends Transform {
  readonly trailers: Record<string, string> = {};
  /** As the client declared; undefined: it did not. */
  readonly decodedBytes: number | undefined;
  readonly #coding: Coding;
  #received = 0;
  #trailerText = "";
  #trailerLines = 0;
  #trailerSignature: string | undefined;
  #chunks = 0;
  #chunkSize = SMALLEST_CHUNK_BYTES;
  #chunkSignature: string | undefined;
  #stage: Stage = "size";
  #left = 0;
  #line = "";

  constructor(coding: Coding) {
    super();
    this.decodedBytes = coding.length;
    this.#coding = coding;
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
    const { length } = this.#coding;
    const whole = this.#stage === "done" && (length === undefined || length === this.#received);
    done(whole ? null : incompleteBody());
  }

  #data(chunk: Buffer, at: number): number {
    const end = Math.min(at + this.#left, chunk.length);
    const bytes = chunk.subarray(at, end);
    this.#received += bytes.length;
    if (this.#received > (this.#coding.length ?? Number.POSITIVE_INFINITY)) throw incompleteBody();
    this.#coding.signatures?.update(bytes);
    this.push(bytes);
    this.#left -= bytes.length;
    if (this.#left === 0) this.#stage = "data-end";
    return end;
  }

  #text(chunk: Buffer, at: number): number {
    const newline = chunk.indexOf(10, at);
    const end = newline === -1 ? chunk.length : newline;
    this.#line += chunk.toString("latin1", at, end);
    if (this.#line.length > LONGEST_LINE_BYTES) throw incompleteBody();
    if (newline === -1) return end;
    if (!this.#line.endsWith("\r")) throw incompleteBody();
    const line = this.#line.slice(0, -1);
    this.#line = "";
    this.#take(line);
    return newline + 1;
  }

  #take(line: string): void {
    switch (this.#stage) {
      case "size":
        this.#startChunk(line);
        return;
      case "data-end":
        if (line !== "") throw incompleteBody();
        this.#coding.signatures?.endChunk(this.#chunkSignature);
        this.#stage = "size";
        return;
      case "trailer":
        if (line === "") this.#endTrailers();
        else this.#takeTrailer(line);
        return;
      default:
        throw incompleteBody();
    }
  }

  #startChunk(line: string): void {
    const [, hex, signature] = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(line) ?? [];
    if (hex === undefined) throw incompleteBody();
    this.#left = Number.parseInt(hex, 16);
    this.#chunkSignature = signature;
    this.#chunks++;
    if (this.#left > 0) {
      if (this.#chunkSize < SMALLEST_CHUNK_BYTES) throw smallChunk(this.#chunks, this.#chunkSize);
      this.#chunkSize = this.#left;
      this.#stage = "data";
      return;
    }
    this.#coding.signatures?.endChunk(signature);
    this.#stage = "trailer";
  }

  #takeTrailer(line: string): void {
    const colon = line.indexOf(":");
    if (colon < 1 || ++this.#trailerLines > MOST_TRAILERS) throw badTrailer();
    const name = line.slice(0, colon).trim().toLowerCase();
    const value = line.slice(colon + 1).trim();
    if (name === TRAILER_SIGNATURE) {
      this.#trailerSignature = value;
      return;
    }
    if (!this.#coding.trailers.includes(name)) throw badTrailer();
    this.trailers[name] = value;
    this.#trailerText += `${name}:${value}\n`;
  }

  #endTrailers(): void {
    const { trailers, trailing, signatures } = this.#coding;
    if (!trailers.every((name) => Object.hasOwn(this.trailers, name))) throw badTrailer();
    if (trailing) signatures?.endTrailers(this.#trailerText, this.#trailerSignature);
    this.#stage = "done";
  }
}

/** S3 names the chunk after the one that is too small. */
function smallChunk(chunk: number, size: number): AwsError {
  return new AwsError("InvalidChunkSizeError", "Only the last chunk is allowed to have a size less than 8192 bytes", {
    status: 403,
    fields: { Chunk: chunk, BadChunkSize: size },
  });
}

function badTrailer(): AwsError {
  return new AwsError(
    "MalformedTrailerError",
    "The request contained trailing data that was not well-formed or did not conform to our published schema.",
  );
}

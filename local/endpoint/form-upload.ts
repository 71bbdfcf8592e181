/**
 * S3's upload by an HTML form: the fields carry a signed policy instead of the request a signature, and become the headers of a PutObject.
 * Source: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
 */
import type { IncomingMessage } from "node:http";
import { AwsError } from "../aws-error.ts";
import { checkPolicy } from "./form-policy.ts";
import { readBody } from "./read-body.ts";
import type { WireResponse } from "./respond.ts";
import { verifyVersion2 } from "./sigv2.ts";
import { type SignedRequest, verifyPolicyVersion4 } from "./sigv4.ts";
import { pathStyle } from "./virtual-host.ts";
import { escapeXml } from "./xml-text.ts";

/** A form is read whole before its file is stored. */
const FORM_LIMIT_BYTES = 128 * 1024 * 1024;

export interface FormUpload {
  bucket: string;
  key: string;
  fields: ReadonlyMap<string, string>;
  file: Uint8Array;
  accessKeyId: string;
  sessionToken: string | undefined;
  /** Throws when the policy is not signed with this secret, or does not allow the form. */
  verify(secretAccessKey: string, nowMs: number): void;
}

/** Whether a request is a form sent to a bucket. */
export function isFormUpload({ method, headers, query, rawPath }: SignedRequest): boolean {
  const form = headers["content-type"]?.toLowerCase().startsWith("multipart/form-data") ?? false;
  const signed = headers.authorization !== undefined || query.size > 0;
  return method === "POST" && form && !signed && /^\/[^/]+\/?$/.test(pathStyle(headers.host, rawPath));
}

/** @throws AwsError MalformedPOSTRequest, InvalidArgument, AccessDenied, RequestEntityTooLargeException */
export async function readFormUpload(request: IncomingMessage, signed: SignedRequest): Promise<FormUpload> {
  const { fields, file } = await readForm(request);
  const [, bucket = ""] = pathStyle(signed.headers.host, signed.rawPath).split("/");
  const key = fields.get("key")?.replaceAll("${filename}", () => file.name);
  if (key === undefined || key === "")
    throw new AwsError(
      "InvalidArgument",
      "Bucket POST must contain a field named 'key'.  If it is specified, please check the order of the fields.",
      {
        fields: { ArgumentName: "key" },
      },
    );
  fields.set("key", key).set("bucket", decodeURIComponent(bucket));
  const policy = fields.get("policy");
  const credential = fields.get("x-amz-credential");
  const accessKeyId = credential?.split("/")[0] ?? fields.get("awsaccesskeyid");
  if (policy === undefined || accessKeyId === undefined)
    throw new AwsError("AccessDenied", "Access Denied: the form carries no signed policy", { status: 403 });
  return {
    bucket: decodeURIComponent(bucket),
    key,
    fields,
    file: file.bytes,
    accessKeyId,
    sessionToken: fields.get("x-amz-security-token"),
    verify(secret, nowMs) {
      if (credential === undefined) verifyVersion2(policy, fields.get("signature") ?? "", secret);
      else verifyPolicyVersion4(policy, credential, fields.get("x-amz-signature") ?? "", secret);
      checkPolicy(policy, { fields, sizeBytes: file.bytes.length }, nowMs);
    },
  };
}

/** The PutObject that a form stands for. @throws AwsError NotImplemented of a field the home does not take */
export function putRequestOf({ bucket, key, fields }: FormUpload): SignedRequest {
  if (fields.has("tagging"))
    throw new AwsError(
      "NotImplemented",
      "a form's field tagging is not built in the embedded home; use PutObjectTagging",
      {
        status: 501,
      },
    );
  const own = new Set(["x-amz-credential", "x-amz-algorithm", "x-amz-date", "x-amz-signature", "x-amz-security-token"]);
  const headers = [...fields]
    .filter(([name]) => /^(x-amz-|content-|cache-control$|expires$)/.test(name) && !own.has(name))
    .concat([...fields].filter(([name]) => name === "acl").map(([, value]) => ["x-amz-acl", value]));
  const path = [bucket, ...key.split("/")].map(encodeURIComponent).join("/");
  return { method: "PUT", rawPath: `/${path}`, query: new URLSearchParams(), headers: Object.fromEntries(headers) };
}

/** What S3 answers to a form: nothing, the object's whereabouts, or a page to go on to. */
export function formAnswer(
  { bucket, key, fields }: FormUpload,
  putHeaders: Record<string, string>,
  endpoint: string,
): WireResponse {
  const location = `${endpoint}/${bucket}/${key.split("/").map(encodeURIComponent).join("/")}`;
  const headers = { ...putHeaders, location };
  const { etag = "" } = putHeaders;
  const redirect = fields.get("success_action_redirect") ?? fields.get("redirect");
  if (redirect !== undefined && URL.canParse(redirect)) {
    const target = new URL(redirect);
    for (const [name, value] of Object.entries({ bucket, key, etag })) target.searchParams.set(name, value);
    return { status: 303, headers: { ...headers, location: target.href }, body: undefined };
  }
  const status = fields.get("success_action_status");
  if (status !== "201") return { status: status === "200" ? 200 : 204, headers, body: undefined };
  const members = Object.entries({ Location: location, Bucket: bucket, Key: key, ETag: etag });
  const xml = members.map(([name, value]) => `<${name}>${escapeXml(value)}</${name}>`).join("");
  return {
    status: 201,
    headers: { ...headers, "content-type": "application/xml" },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<PostResponse>${xml}</PostResponse>`,
  };
}

async function readForm(request: IncomingMessage) {
  const body = await readBody(request, FORM_LIMIT_BYTES);
  const type = request.headers["content-type"] ?? "";
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": type } })
    .formData()
    .catch((cause) => {
      throw new AwsError(
        "MalformedPOSTRequest",
        "The body of your POST request is not well-formed multipart/form-data.",
        {
          cause,
        },
      );
    });
  const fields = new Map<string, string>();
  for (const [name, value] of form) {
    // What comes after the file is not read.
    if (name.toLowerCase() === "file") return { fields, file: await readFile(value) };
    if (typeof value === "string") fields.set(name.toLowerCase(), value);
  }
  throw new AwsError("InvalidArgument", "POST requires exactly one file upload per request.", {
    fields: { ArgumentName: "file", ArgumentValue: "0" },
  });
}

async function readFile(value: File | string): Promise<{ name: string; bytes: Uint8Array }> {
  if (typeof value === "string") return { name: "", bytes: Buffer.from(value) };
  return { name: value.name, bytes: new Uint8Array(await value.arrayBuffer()) };
}

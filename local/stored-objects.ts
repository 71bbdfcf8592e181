/** The objects of a bucket, for services that read S3 through the home. */
import { z } from "zod";
import type { HomePorts } from "./define-service.ts";
import type { Principal } from "./principal.ts";

const Page = z.object({
  Contents: z
    .array(z.object({ Key: z.string(), Size: z.number().default(0), ETag: z.string().default("") }))
    .default([]),
  NextContinuationToken: z.string().optional(),
});

export type StoredObject = z.infer<typeof Page>["Contents"][number];

/** Those whose key starts with `prefix`, in the order of their keys, page by page. @throws AwsError of ListObjectsV2, as `principal` */
export async function* storedObjects(
  home: Pick<HomePorts, "call">,
  principal: Principal,
  { bucket, prefix }: { bucket: string; prefix: string },
  signal?: AbortSignal,
): AsyncGenerator<StoredObject> {
  let ContinuationToken: string | undefined;
  do {
    const input = { Bucket: bucket, Prefix: prefix, ...(ContinuationToken === undefined ? {} : { ContinuationToken }) };
    const page = Page.parse(await home.call("s3", "ListObjectsV2", input, principal, signal));
    yield* page.Contents;
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
}

/** What a serving program need not define. */
import { readFileSync } from "node:fs";
import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { tarball } from "../../../../infra/tarball.ts";
import { openSagemakerHome, type SagemakerHome } from "./sagemaker-home.ts";
import { deploy } from "./served-model.ts";

const requirements = readFileSync(new URL("../../../../models/credit-risk/requirements.txt", import.meta.url));
const DOUBLE = `class Refused(Exception):
    status_code = 422

class Double:
    def predict(self, values):
        if values.size == 1:
            raise Refused("one value is too few")
        return values * 2

def model_fn(model_dir):
    return Double()
`;

let home: SagemakerHome;
beforeAll(async () => {
  home = await openSagemakerHome();
  const files = [
    { path: "code/inference.py", content: Buffer.from(DOUBLE) },
    { path: "code/requirements.txt", content: requirements },
  ];
  await deploy(home, "double", tarball(files));
  await home.event("SageMaker Endpoint State Change", { EndpointName: "double", EndpointStatus: "IN_SERVICE" });
});
afterAll(() => home.close());

async function invoke(Body: string | Uint8Array, ContentType: string, Accept?: string): Promise<Uint8Array> {
  const request = new InvokeEndpointCommand({ EndpointName: "double", Body, ContentType, Accept });
  return (await home.runtime.send(request)).Body;
}

const text = async (...request: Parameters<typeof invoke>) => Buffer.from(await invoke(...request)).toString();

describe("a serving program that defines model_fn alone", () => {
  it("is handed arrays, and its answer written, as the inference toolkit does", async () => {
    expect(await text("[[1, 2], [3, 4]]", "application/json")).toBe("[[2, 4], [6, 8]]");
    expect(await text("1,2.5\n3,4\n", "text/csv", "text/csv")).toBe("2.0,5.0\n6.0,8.0\n");
    const array = await invoke("[1, 2, 3]", "application/json", "application/x-npy");
    expect(await text(array, "application/x-npy")).toBe("[4, 8, 12]");
  });

  it("answers a content type it cannot read with 415, and an error with the status that has one", async () => {
    await expect(invoke("<a/>", "text/xml")).rejects.toMatchObject({
      name: "ModelError",
      OriginalStatusCode: 415,
      OriginalMessage: expect.stringContaining("Content type text/xml is not supported by this framework"),
    });
    await expect(invoke("[1]", "application/json")).rejects.toMatchObject({ OriginalStatusCode: 422 });
  });
});

/** Asking an endpoint. Loaded when first used. */
import { InvokeEndpointCommand, SageMakerRuntimeClient } from "@aws-sdk/client-sagemaker-runtime";

const client = new SageMakerRuntimeClient({});

/** Sends CSV rows, returns the answer's text. */
export async function invokeEndpoint(name: string, rows: string): Promise<string> {
  const { Body } = await client.send(
    new InvokeEndpointCommand({ EndpointName: name, ContentType: "text/csv", Accept: "text/csv", Body: rows }),
  );
  return Buffer.from(Body ?? new Uint8Array()).toString("utf8");
}

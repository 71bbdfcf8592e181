/** SageMaker endpoints: what they are, and making them serve another configuration. Loaded when first used. */
import {
  CreateEndpointCommand,
  DescribeEndpointCommand,
  SageMakerClient,
  UpdateEndpointCommand,
} from "@aws-sdk/client-sagemaker";

export type EndpointState = Readonly<{ status: string; configName: string; failureReason?: string }>;

const client = new SageMakerClient({});

/** The endpoint as it is now; undefined where there is none of that name. */
export async function describeEndpoint(name: string): Promise<EndpointState | undefined> {
  try {
    const endpoint = await client.send(new DescribeEndpointCommand({ EndpointName: name }));
    return {
      status: endpoint.EndpointStatus ?? "Unknown",
      configName: endpoint.EndpointConfigName ?? "",
      ...(endpoint.FailureReason !== undefined && { failureReason: endpoint.FailureReason }),
    };
  } catch (error) {
    // SageMaker has no error of its own for this: a ValidationException that says so.
    if (error instanceof Error && /could not find endpoint/i.test(error.message)) return undefined;
    throw error;
  }
}

/** Creates the endpoint with a configuration. */
export async function createEndpoint(name: string, configName: string): Promise<void> {
  await client.send(new CreateEndpointCommand({ EndpointName: name, EndpointConfigName: configName }));
}

/** Moves the endpoint to another configuration. */
export async function updateEndpoint(name: string, configName: string): Promise<void> {
  await client.send(new UpdateEndpointCommand({ EndpointName: name, EndpointConfigName: configName }));
}

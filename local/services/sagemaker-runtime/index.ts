/** SageMaker's data plane: InvokeEndpoint, answered by the endpoint's serving process. */
import { Uint8ArrayBlobAdapter } from "@smithy/core/serde";
import { AwsError } from "../../aws-error.ts";
import { defineService, type HomePorts } from "../../define-service.ts";
import { DeploymentError, endpointsOf, TargetModelError, UnknownVariantError } from "../../runtime/endpoints/index.ts";
import { ServingAnswerError } from "../../runtime/jobs/index.ts";

const TIMED_OUT =
  "Your invocation timed out while waiting for a response from container primary. Review the latency metrics for each container in Amazon CloudWatch, resolve the issue, and try again.";

export const sagemakerRuntime = defineService<typeof import("@aws-sdk/client-sagemaker-runtime")>({
  name: "sagemaker-runtime",
  signingName: "sagemaker",
  iamPrefix: "sagemaker",
  sdk: () => import("@aws-sdk/client-sagemaker-runtime"),
  create(home) {
    const arnOf = (name: string) => `arn:aws:sagemaker:${home.region}:${home.accountId}:endpoint/${name}`;
    return {
      operations: {
        InvokeEndpoint: {
          authorize: ({ EndpointName = "*" }) => ({ resource: arnOf(EndpointName) }),
          async handle({ EndpointName = "", Body, ContentType, Accept, TargetVariant, TargetModel, ...input }) {
            const invocation = {
              body: bytesOf(Body ?? ""),
              contentType: ContentType ?? "application/json",
              accept: Accept ?? "*/*",
              customAttributes: forwarded("customAttributes", input.CustomAttributes, 1024),
              inferenceId: forwarded("inferenceId", input.InferenceId, 64),
            };
            const result = await endpointsOf(home)
              ?.invoke(EndpointName, invocation, { variant: TargetVariant, targetModel: TargetModel })
              .catch((thrown: unknown) => {
                throw unreachable(home, EndpointName, thrown);
              });
            if (result === undefined) {
              throw new AwsError("ValidationError", `Endpoint ${EndpointName} of account ${home.accountId} not found.`);
            }
            const { answer, variant } = result;
            if (answer.status !== 200) {
              throw modelError(home, EndpointName, variant, answer.status, answer.body.toString("utf8"));
            }
            const bytes = Uint8ArrayBlobAdapter.mutate(new Uint8Array(answer.body));
            return {
              Body: bytes,
              ContentType: answer.contentType,
              InvokedProductionVariant: variant,
              CustomAttributes: answer.customAttributes,
            };
          },
        },
      },
    };
  },
});

/** Bytes from the wire; text or bytes from a service calling within the home. */
function bytesOf(body: unknown): Uint8Array {
  if (typeof body === "string") return Buffer.from(body, "utf8");
  if (body instanceof Uint8Array) return body;
  throw new AwsError("ValidationError", "Body must be text or bytes.");
}

/** What goes to the container as a header, as it is. @throws ValidationError for more than one holds */
function forwarded(member: string, value: string | undefined, most: number): string | undefined {
  if (value === undefined || (value.length <= most && /^[\x20-\x7e]*$/.test(value))) return value;
  throw new AwsError(
    "ValidationError",
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: Member must have at most ${most} characters, all visible US-ASCII`,
  );
}

function unreachable(home: HomePorts, endpointName: string, thrown: unknown): AwsError {
  if (thrown instanceof ServingAnswerError && thrown.code === "TIMEOUT")
    return modelError(home, endpointName, "primary", 0, TIMED_OUT);
  if (thrown instanceof UnknownVariantError)
    return new AwsError("ValidationError", `Endpoint ${endpointName} of account ${home.accountId}: ${thrown.message}.`);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown instanceof TargetModelError) return new AwsError("ValidationError", message);
  const known = thrown instanceof ServingAnswerError || thrown instanceof DeploymentError;
  const why = known ? message : `the serving process gave no answer: ${message}`;
  return new AwsError("ModelError", `Endpoint ${endpointName}: ${why}`, {
    status: 424,
    fields: { OriginalStatusCode: 500, OriginalMessage: message },
    cause: thrown,
  });
}

/** What the model's own code answered instead of a prediction, as SageMaker passes it on. */
function modelError(
  { region, accountId }: HomePorts,
  endpointName: string,
  variant: string,
  status: number,
  message: string,
): AwsError {
  const side = status >= 400 && status < 500 ? "client" : "server";
  const LogStreamArn = `arn:aws:logs:${region}:${accountId}:log-group:/aws/sagemaker/Endpoints/${endpointName}`;
  return new AwsError(
    "ModelError",
    `Received ${side} error (${status}) from ${variant} with message "${message}". See ${LogStreamArn} for more information.`,
    { status: 424, fields: { OriginalStatusCode: status, OriginalMessage: message, LogStreamArn } },
  );
}

/** CreateModel, DescribeModel, ListModels, DeleteModel: what an endpoint serves. */
import type { ContainerDefinition, CreateModelInput, DescribeModelOutput } from "@aws-sdk/client-sagemaker";
import type { Operations } from "../../define-service.ts";
import { addTags, arnOf, assumable, type Context, now, passRole } from "./context.ts";
import { required, requiredName, validation } from "./errors.ts";
import { findPackage } from "./model-packages.ts";
import { page } from "./page.ts";

type Sdk = typeof import("@aws-sdk/client-sagemaker");
type Built = "CreateModel" | "DescribeModel" | "ListModels" | "DeleteModel";

const KIND = "model";

/** @throws ValidationException when there is none */
export function findModel(context: Context, name: string): DescribeModelOutput {
  const record = context.records.find<DescribeModelOutput>(KIND, name);
  if (record === undefined) throw validation(`Could not find model "${arnOf(context, KIND, name)}".`);
  return record.document;
}

export interface ModelToServe {
  image: string;
  /** S3 URI of model.tar.gz; of a multi-model container the prefix of its models' archives. */
  modelDataUrl: string | undefined;
  multiModel: boolean;
  environment: Readonly<Record<string, string>>;
  roleArn: string;
}

/** The one container of a model, with what its package says where it names one. */
export function modelToServe(context: Context, name: string): ModelToServe {
  const { PrimaryContainer, Containers = [], ExecutionRoleArn = "" } = findModel(context, name);
  const container: ContainerDefinition = PrimaryContainer ?? Containers[0] ?? {};
  const packaged =
    container.ModelPackageName === undefined
      ? undefined
      : findPackage(context, container.ModelPackageName).InferenceSpecification?.Containers?.[0];
  return {
    image: container.Image ?? packaged?.Image ?? "",
    modelDataUrl: container.ModelDataUrl ?? packaged?.ModelDataUrl,
    multiModel: container.Mode === "MultiModel",
    environment: { ...packaged?.Environment, ...container.Environment },
    roleArn: ExecutionRoleArn,
  };
}

export function modelOperations(context: Context): Pick<Operations<Sdk>, Built> {
  const onModel = ({ ModelName = "*" }: { ModelName?: string | undefined }) => ({
    resource: arnOf(context, KIND, ModelName),
  });
  return {
    CreateModel: {
      authorize: (input) => [
        onModel(input),
        passRole(input.ExecutionRoleArn),
        ...addTags(input.Tags, onModel(input).resource),
      ],
      handle: (input) => ({ ModelArn: createModel(context, input) }),
    },
    DescribeModel: {
      authorize: onModel,
      handle: ({ ModelName }) => findModel(context, requiredName(ModelName, "modelName")),
    },
    DeleteModel: {
      authorize: onModel,
      handle({ ModelName }) {
        removeModel(context, requiredName(ModelName, "modelName"));
        return {};
      },
    },
    ListModels: {
      handle(input) {
        const models = context.records
          .list<DescribeModelOutput>(KIND)
          .map(({ name, document }) => ({ name, document, createdAt: document.CreationTime ?? new Date(0) }));
        const { items, ...rest } = page(models, input);
        const Models = items.map(({ document: { ModelName, ModelArn, CreationTime } }) => ({
          ModelName,
          ModelArn,
          CreationTime,
        }));
        return { Models, ...rest };
      },
    },
  };
}

/** Also what AWS::SageMaker::Model creates by. @returns its ARN. @throws ValidationException */
export function createModel(context: Context, input: CreateModelInput): string {
  const name = requiredName(input.ModelName, "modelName");
  const arn = arnOf(context, KIND, name);
  if (context.records.find(KIND, name)) throw validation(`Cannot create already existing model "${arn}".`);
  checkContainers(context, input.PrimaryContainer, input.Containers);
  assumable(context, required(input.ExecutionRoleArn, "executionRoleArn"));
  const { Tags, ...request } = input;
  context.records.insert(KIND, name, { ...request, ModelName: name, ModelArn: arn, CreationTime: now(context) });
  context.tags.add(arn, Tags);
  return arn;
}

/** @throws ValidationException when there is none */
export function removeModel(context: Context, name: string): void {
  const { ModelArn = "" } = findModel(context, name);
  context.records.remove(KIND, name);
  context.tags.remove(ModelArn);
}

function checkContainers(
  context: Context,
  primary: ContainerDefinition | undefined,
  containers: ContainerDefinition[] | undefined,
): void {
  const all = primary === undefined ? (containers ?? []) : [primary];
  if (all.length !== 1) {
    throw validation(
      all.length === 0
        ? "You must provide either a PrimaryContainer or Containers when creating a model."
        : "Inference pipelines are not built in the embedded home: give one container",
    );
  }
  const [{ Image, ModelPackageName, Mode, ModelDataUrl } = {}] = all;
  if (Mode === "MultiModel") required(ModelDataUrl, "primaryContainer.modelDataUrl");
  if (ModelPackageName !== undefined) findPackage(context, ModelPackageName);
  else required(Image, "primaryContainer.image");
}

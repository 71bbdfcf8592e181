/** Model package groups: operations and AWS::SageMaker::ModelPackageGroup. */
import type { DescribeModelPackageGroupOutput, DescribeModelPackageOutput, Tag } from "@aws-sdk/client-sagemaker";
import { z } from "zod";
import type { Operations, ResourceType } from "../../define-service.ts";
import { addTags, arnOf, type Context, now } from "./context.ts";
import { requiredName, validation } from "./errors.ts";
import { page } from "./page.ts";

type Sdk = typeof import("@aws-sdk/client-sagemaker");
type Built =
  | "CreateModelPackageGroup"
  | "DescribeModelPackageGroup"
  | "ListModelPackageGroups"
  | "DeleteModelPackageGroup";

const KIND = "model-package-group";

const Properties = z.strictObject({
  ModelPackageGroupName: z.string(),
  ModelPackageGroupDescription: z.string().optional(),
  ModelPackageGroupPolicy: z.unknown().optional(),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).optional(),
});

/** A group by name or ARN. @throws ValidationException when there is none */
export function findGroup(context: Context, nameOrArn: string): DescribeModelPackageGroupOutput {
  const name = nameOrArn.slice(nameOrArn.lastIndexOf("/") + 1);
  const record = context.records.find<DescribeModelPackageGroupOutput>(KIND, name);
  if (record === undefined) throw validation(`ModelPackageGroup ${arnOf(context, KIND, name)} does not exist.`);
  return record.document;
}

export function modelPackageGroupOperations(context: Context): Pick<Operations<Sdk>, Built> {
  const onGroup = ({ ModelPackageGroupName = "*" }: { ModelPackageGroupName?: string | undefined }) => ({
    resource: arnOf(context, KIND, ModelPackageGroupName.slice(ModelPackageGroupName.lastIndexOf("/") + 1)),
  });
  return {
    CreateModelPackageGroup: {
      authorize: (input) => [onGroup(input), ...addTags(input.Tags, onGroup(input).resource)],
      handle({ ModelPackageGroupName, ModelPackageGroupDescription, Tags }) {
        const name = requiredName(ModelPackageGroupName, "modelPackageGroupName");
        return { ModelPackageGroupArn: create(context, name, ModelPackageGroupDescription, Tags) };
      },
    },
    DescribeModelPackageGroup: {
      authorize: onGroup,
      handle: ({ ModelPackageGroupName = "" }) => findGroup(context, ModelPackageGroupName),
    },
    ListModelPackageGroups: {
      handle(input) {
        const groups = context.records
          .list<DescribeModelPackageGroupOutput>(KIND)
          .map(({ name, document }) => ({ name, document, createdAt: document.CreationTime ?? new Date(0) }));
        const { items, ...rest } = page(groups, input);
        return { ModelPackageGroupSummaryList: items.map(({ document }) => document), ...rest };
      },
    },
    DeleteModelPackageGroup: {
      authorize: onGroup,
      handle({ ModelPackageGroupName = "" }) {
        remove(context, findGroup(context, ModelPackageGroupName).ModelPackageGroupName ?? "");
        return {};
      },
    },
  };
}

export function modelPackageGroupResource(context: Context): ResourceType {
  return {
    properties: Properties,
    create(properties) {
      const { ModelPackageGroupName, ModelPackageGroupDescription, Tags } = Properties.parse(properties);
      return state(context, create(context, ModelPackageGroupName, ModelPackageGroupDescription, Tags));
    },
    update(properties, current) {
      const wanted = Properties.parse(properties);
      const name = nameOf(current.physicalId);
      if (wanted.ModelPackageGroupName !== name) return "replace";
      const { ModelPackageGroupDescription: _old, ...kept } = findGroup(context, name);
      const description = wanted.ModelPackageGroupDescription;
      context.records.update(KIND, name, {
        ...kept,
        ...(description !== undefined && { ModelPackageGroupDescription: description }),
      });
      context.tags.remove(current.physicalId);
      context.tags.add(current.physicalId, wanted.Tags);
      return state(context, current.physicalId);
    },
    delete(current) {
      const name = nameOf(current.physicalId);
      if (context.records.find(KIND, name) !== undefined) remove(context, name);
    },
  };
}

function create(context: Context, name: string, description: string | undefined, tags: Tag[] | undefined): string {
  const arn = arnOf(context, KIND, name);
  if (context.records.find(KIND, name)) throw validation(`Model Package Group already exists: ${arn}`);
  context.records.insert(KIND, name, {
    ModelPackageGroupName: name,
    ModelPackageGroupArn: arn,
    ...(description !== undefined && { ModelPackageGroupDescription: description }),
    CreationTime: now(context),
    CreatedBy: {},
    ModelPackageGroupStatus: "Completed",
  });
  context.tags.add(arn, tags);
  return arn;
}

function remove(context: Context, name: string): void {
  const packages = context.records.list<DescribeModelPackageOutput>("model-package");
  if (packages.some(({ document }) => document.ModelPackageGroupName === name)) {
    throw validation(
      `Model Package Group ${arnOf(context, KIND, name)} cannot be deleted because it still contains Model Packages.`,
    );
  }
  context.records.remove(KIND, name);
  context.tags.remove(arnOf(context, KIND, name));
}

function state(context: Context, arn: string) {
  const { CreationTime, ModelPackageGroupStatus } = findGroup(context, arn);
  return {
    physicalId: arn,
    attributes: {
      ModelPackageGroupArn: arn,
      CreationTime: CreationTime?.toISOString(),
      ModelPackageGroupStatus,
    },
  };
}

function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf("/") + 1);
}

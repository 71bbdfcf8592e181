/** CloudFormation, for reading: the stacks that `up` made of the assembly. Stacks are changed by the next `up` alone. */
import { Stacks } from "../../assembly/index.ts";
import { AwsError } from "../../aws-error.ts";
import { defineService, type HomePorts, type Operations } from "../../define-service.ts";
import { changedAt, described, existing, holding, stackOf, summary } from "./stack-shapes.ts";
import { templateOperations } from "./template-operations.ts";

type Sdk = typeof import("@aws-sdk/client-cloudformation");
type StackOperations = Pick<Operations<Sdk>, "DescribeStacks" | "ListStacks" | "GetTemplate" | "ListExports">;
type ResourceOperations = Pick<
  Operations<Sdk>,
  "ListStackResources" | "DescribeStackResources" | "DescribeStackResource"
>;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/Welcome.html */
export const cloudformation = defineService<Sdk>({
  name: "cloudformation",
  signingName: "cloudformation",
  iamPrefix: "cloudformation",
  sdk: () => import("@aws-sdk/client-cloudformation"),
  create(home) {
    const stacks = new Stacks(home.store);
    return {
      operations: {
        ...stackOperations(home, stacks),
        ...resourceOperations(home, stacks),
        ...templateOperations(stacks, onStack(home, stacks)),
      },
    };
  },
});

const onStack =
  (home: HomePorts, stacks: Stacks) =>
  ({ StackName }: { StackName?: string | undefined }) => {
    if (StackName === undefined) return { resource: "*" };
    const arn = `arn:aws:cloudformation:${home.region}:${home.accountId}:stack/${StackName}/*`;
    return { resource: stacks.find(StackName)?.id ?? (StackName.startsWith("arn:") ? StackName : arn) };
  };

function stackOperations(home: HomePorts, stacks: Stacks): StackOperations {
  const authorize = onStack(home, stacks);
  return {
    DescribeStacks: {
      authorize,
      handle: ({ StackName }) => ({
        Stacks: (StackName === undefined ? stacks.all() : [existing(stacks, StackName)]).map(described),
      }),
    },
    ListStacks: {
      handle: ({ StackStatusFilter = [] }) => ({
        StackSummaries: stacks
          .all()
          .map(described)
          .filter(({ StackStatus = "CREATE_COMPLETE" }) => matches(StackStatusFilter, StackStatus))
          .map(({ StackId, StackName, CreationTime, LastUpdatedTime, StackStatus }) => ({
            StackId,
            StackName,
            CreationTime,
            LastUpdatedTime,
            StackStatus,
          })),
      }),
    },
    GetTemplate: {
      authorize,
      handle: ({ StackName = "" }) => ({
        TemplateBody: existing(stacks, StackName).template,
        StagesAvailable: ["Original", "Processed"],
      }),
    },
    ListExports: {
      handle: () => ({
        Exports: stacks
          .all()
          .flatMap(({ id, outputs }) =>
            outputs.flatMap(({ exportName, value }) =>
              exportName === undefined ? [] : [{ ExportingStackId: id, Name: exportName, Value: value }],
            ),
          ),
      }),
    },
  };
}

function resourceOperations(home: HomePorts, stacks: Stacks): ResourceOperations {
  const authorize = onStack(home, stacks);
  const resourcesOf = (name: string, logicalId?: string) =>
    stacks.resources(name).filter((entry) => logicalId === undefined || entry.logicalId === logicalId);
  return {
    ListStackResources: {
      authorize,
      handle({ StackName = "" }) {
        const stack = existing(stacks, StackName);
        const LastUpdatedTimestamp = changedAt(stack);
        return {
          StackResourceSummaries: resourcesOf(stack.name).map((entry) => ({ ...summary(entry), LastUpdatedTimestamp })),
        };
      },
    },
    DescribeStackResources: {
      authorize,
      handle({ StackName, LogicalResourceId, PhysicalResourceId }) {
        const stack = StackName === undefined ? holding(stacks, PhysicalResourceId) : existing(stacks, StackName);
        return {
          StackResources: resourcesOf(stack.name, LogicalResourceId).map((entry) => ({
            ...summary(entry),
            ...stackOf(stack),
            Timestamp: changedAt(stack),
          })),
        };
      },
    },
    DescribeStackResource: {
      authorize,
      handle({ StackName = "", LogicalResourceId = "" }) {
        const stack = existing(stacks, StackName);
        const [entry] = resourcesOf(stack.name, LogicalResourceId);
        if (entry === undefined) {
          throw new AwsError("ValidationError", `Resource ${LogicalResourceId} does not exist for stack ${stack.name}`);
        }
        const detail = { ...summary(entry), ...stackOf(stack), LastUpdatedTimestamp: changedAt(stack) };
        return { StackResourceDetail: detail };
      },
    },
  };
}

function matches(filter: readonly string[], status: string): boolean {
  return filter.length === 0 || filter.includes(status);
}

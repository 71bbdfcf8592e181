/** What stacks went through and what their templates say: for clients that watch or compare stacks. */
import type { StackEvent } from "@aws-sdk/client-cloudformation";
import { z } from "zod";
import type { StackRecord, Stacks } from "../../assembly/index.ts";
import { AwsError } from "../../aws-error.ts";
import type { Authorization, Operations } from "../../define-service.ts";
import { changedAt, described, existing, stackOf, summary } from "./stack-shapes.ts";

type TemplateOperations = Pick<
  Operations<typeof import("@aws-sdk/client-cloudformation")>,
  "DescribeStackEvents" | "GetTemplateSummary" | "ListImports" | "GetStackPolicy" | "ListChangeSets"
>;

const Template = z.looseObject({
  Description: z.string().optional(),
  Parameters: z.record(z.string(), z.looseObject({ Type: z.string(), Default: z.unknown() })).default({}),
  Resources: z.record(z.string(), z.looseObject({ Type: z.string() })).default({}),
});

export function templateOperations(
  stacks: Stacks,
  authorize: (input: { StackName?: string | undefined }) => Authorization,
): TemplateOperations {
  return {
    DescribeStackEvents: {
      authorize,
      handle: ({ StackName = "" }) => ({ StackEvents: eventsOf(stacks, existing(stacks, StackName)) }),
    },
    GetTemplateSummary: {
      authorize,
      handle: ({ StackName, TemplateBody }) =>
        templateSummary(TemplateBody ?? existing(stacks, StackName ?? "").template),
    },
    ListImports: {
      handle({ ExportName = "" }) {
        const imports = JSON.stringify({ "Fn::ImportValue": ExportName }).slice(1, -1);
        const Imports = stacks
          .all()
          .flatMap(({ name, template }) => (JSON.stringify(JSON.parse(template)).includes(imports) ? [name] : []));
        if (Imports.length === 0)
          throw new AwsError("ValidationError", `Export '${ExportName}' is not imported by any stack.`);
        return { Imports };
      },
    },
    GetStackPolicy: {
      authorize,
      handle({ StackName = "" }) {
        existing(stacks, StackName);
        return {};
      },
    },
    ListChangeSets: {
      authorize,
      handle({ StackName = "" }) {
        existing(stacks, StackName);
        return { Summaries: [] };
      },
    },
  };
}

/** The newest first. Of a stack the home keeps how it stands, so each resource has the event it was made by. */
function eventsOf(stacks: Stacks, stack: StackRecord): StackEvent[] {
  const Timestamp = changedAt(stack);
  const events = stacks.resources(stack.name).map((entry) => ({
    ...stackOf(stack),
    ...summary(entry),
    EventId: `${entry.logicalId}-${Timestamp.toISOString()}`,
    Timestamp,
  }));
  const ended: StackEvent = {
    ...stackOf(stack),
    EventId: `${stack.name}-${Timestamp.toISOString()}`,
    LogicalResourceId: stack.name,
    PhysicalResourceId: stack.id,
    ResourceType: "AWS::CloudFormation::Stack",
    ResourceStatus: described(stack).StackStatus === "UPDATE_COMPLETE" ? "UPDATE_COMPLETE" : "CREATE_COMPLETE",
    Timestamp,
  };
  return [ended, ...events.reverse()];
}

/** @throws AwsError ValidationError for a template that is no JSON */
function templateSummary(text: string) {
  const parsed = Template.safeParse(jsonOf(text));
  if (!parsed.success) throw invalidTemplate(z.prettifyError(parsed.error));
  const { Description, Parameters, Resources } = parsed.data;
  const types = [...new Set(Object.values(Resources).map(({ Type }) => Type))];
  return {
    Description,
    Parameters: Object.entries(Parameters).map(([ParameterKey, { Type, Default }]) => ({
      ParameterKey,
      ParameterType: Type,
      ...(Default === undefined ? {} : { DefaultValue: String(Default) }),
    })),
    ResourceTypes: types,
    ...(types.includes("AWS::IAM::Role") ? { Capabilities: ["CAPABILITY_NAMED_IAM" as const] } : {}),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw invalidTemplate(String(cause));
  }
}

function invalidTemplate(why: string): AwsError {
  return new AwsError("ValidationError", `Template format error: ${why}`);
}

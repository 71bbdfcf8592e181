/** A CloudFormation template as far as this home reads it, checked for shape and size. */
import { z } from "zod";
import { AssemblyError } from "./assembly-error.ts";
import { expandLoops, type LoopValues } from "./loops.ts";

/** CloudFormation's own limits: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const MAX_TEMPLATE_BYTES = 1024 * 1024;
const MAX_RESOURCES = 500;
/** Deeper nesting than any real template has; keeps the recursive readers from exhausting the stack. */
const MAX_DEPTH = 100;

const LOGICAL_ID = /^[A-Za-z0-9]{1,255}$/;

const DeletionPolicy = z.enum(["Delete", "Retain", "RetainExceptOnCreate", "Snapshot"]);
const UpdateReplacePolicy = z.enum(["Delete", "Retain", "Snapshot"]);
/** What happens to a resource in the end, every intrinsic resolved. */
export const EndPolicies = z.object({
  DeletionPolicy: DeletionPolicy.optional(),
  UpdateReplacePolicy: UpdateReplacePolicy.optional(),
});
/** Whether a resource of this DeletionPolicy stays when it leaves its template. */
export const isRetained = (deletionPolicy: unknown): boolean => String(deletionPolicy).startsWith("Retain");
const Resource = z.strictObject({
  Type: z.string(),
  /** For tools alone. */
  Metadata: z.unknown().optional(),
  CreationPolicy: z.unknown().optional(),
  UpdatePolicy: z.unknown().optional(),
  Properties: z.record(z.string(), z.unknown()).optional(),
  DependsOn: z.union([z.string(), z.array(z.string())]).optional(),
  Condition: z.string().optional(),
  // AWS::LanguageExtensions lets an intrinsic stand for them.
  DeletionPolicy: z.union([DeletionPolicy, z.looseObject({})]).optional(),
  UpdateReplacePolicy: z.union([UpdateReplacePolicy, z.looseObject({})]).optional(),
});
const Scalar = z.union([z.string(), z.number(), z.boolean()]);
const Parameter = z.looseObject({
  Type: z.string(),
  Default: Scalar.optional(),
  NoEcho: z.union([z.boolean(), z.stringbool()]).optional(),
  AllowedValues: z.array(Scalar).optional(),
  AllowedPattern: z.string().optional(),
  MinLength: Scalar.optional(),
  MaxLength: Scalar.optional(),
  MinValue: Scalar.optional(),
  MaxValue: Scalar.optional(),
  ConstraintDescription: z.string().optional(),
});
const Output = z.looseObject({
  Value: z.unknown(),
  Condition: z.string().optional(),
  Export: z.object({ Name: z.unknown() }).optional(),
});
const Rule = z.strictObject({
  RuleCondition: z.unknown().optional(),
  Assertions: z.array(z.strictObject({ Assert: z.unknown(), AssertDescription: z.string().optional() })),
});
const TemplateSchema = z.strictObject({
  AWSTemplateFormatVersion: z.unknown().optional(),
  Description: z.unknown().optional(),
  /** For tools alone. */
  Metadata: z.unknown().optional(),
  Hooks: z.unknown().optional(),
  Transform: z.unknown().optional(),
  Rules: z.record(z.string(), Rule).default({}),
  Parameters: z.record(z.string(), Parameter).default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(z.string(), Resource).default({}),
  Outputs: z.record(z.string(), Output).default({}),
});

export type Template = z.infer<typeof TemplateSchema>;
export type TemplateResource = z.infer<typeof Resource>;
export type TemplateParameter = z.infer<typeof Parameter>;
export type TemplateRule = z.infer<typeof Rule>;
export type TemplateOutput = z.infer<typeof Output>;

/**
 * Parses a template's JSON text and expands its loops; `where` names its file in messages.
 * @param values the parameters that loops may go over
 * @throws AssemblyError AssemblyInvalid when it is not JSON, not a template, too large or too deep.
 */
export function parseTemplate(text: string, where: string, values: LoopValues): Template {
  if (Buffer.byteLength(text) > MAX_TEMPLATE_BYTES) {
    throw invalid(where, `is ${Buffer.byteLength(text)} bytes; CloudFormation takes at most ${MAX_TEMPLATE_BYTES}`);
  }
  const json = parseJson(text, where);
  checkDepth(json, where);
  const parsed = TemplateSchema.safeParse(expandLoops(json, where, values));
  if (!parsed.success) throw invalid(where, `is not a CloudFormation template: ${z.prettifyError(parsed.error)}`);
  const ids = Object.keys(parsed.data.Resources);
  if (ids.length > MAX_RESOURCES) {
    throw invalid(where, `has ${ids.length} resources; CloudFormation takes at most ${MAX_RESOURCES} a stack`);
  }
  for (const id of ids) {
    if (!LOGICAL_ID.test(id)) throw invalid(where, `has the logical id "${id}"; only A-Z, a-z and 0-9 are allowed`);
  }
  return parsed.data;
}

/** JSON.parse with the file's name in the message. */
export function parseJson(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new AssemblyError(
      "AssemblyInvalid",
      `${where} is not JSON (${cause instanceof Error ? cause.message : String(cause)}); synthesize the app again`,
      { cause },
    );
  }
}

// Breadth first with an explicit list: the check itself must not recurse.
function checkDepth(root: unknown, where: string): void {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw invalid(where, `nests deeper than ${MAX_DEPTH} levels`);
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== "object" || value === null) continue;
      for (const child of Object.values(value)) next.push(child);
    }
    level = next;
  }
}

const invalid = (where: string, what: string) => new AssemblyError("AssemblyInvalid", `${where} ${what}`);

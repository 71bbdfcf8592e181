/** The macros that a template names. */

/** The one whose functions the home has. */
const LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions";

/** Those that the home does not expand. */
export function foreignMacros({ Transform: transforms = [] }: { Transform?: unknown }): unknown[] {
  return listed(transforms).filter((macro) => macro !== LANGUAGE_EXTENSIONS);
}

/** Whether a template may use Fn::ForEach, Fn::Length, Fn::ToJsonString and defaults of Fn::FindInMap. */
export function hasLanguageExtensions(template: { Transform?: unknown }): boolean {
  return listed(template.Transform).includes(LANGUAGE_EXTENSIONS);
}

const listed = (transforms: unknown): unknown[] => (Array.isArray(transforms) ? transforms : [transforms]);

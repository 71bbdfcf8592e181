/** What an intrinsic function may look at while a value is resolved. */
export interface Scope {
  stackName: string;
  region: string;
  /** Whether there is a pseudo parameter or a template parameter of that name. */
  hasParameter(name: string): boolean;
  /** Its value; undefined when there is none of that name. */
  parameter(name: string): unknown;
  mappings: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>;
  /** Throws when the template has no such condition. */
  condition(name: string): boolean;
  /** Physical id of a resource of the same stack. */
  reference(logicalId: string): unknown;
  attribute(logicalId: string, attribute: string): unknown;
  importValue(exportName: string): unknown;
  /** An output of a stack of the assembly, exported or not. */
  stackOutput(stackName: string, outputName: string): unknown;
}

/** AWS::NoValue: the property or list entry that holds it is left out. */
export const NO_VALUE: unique symbol = Symbol("AWS::NoValue");

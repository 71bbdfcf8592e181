/** What a target may be given in place of the event, before it is stored: one of three forms, each within AWS's limits. */
import type { InputTransformer, Target } from "@aws-sdk/client-eventbridge";
import { compileTargetInput, InvalidPlaceholderError } from "../../../engine/index.ts";
import { AwsError } from "../../aws-error.ts";

const LONGEST_INPUT = 8192;
const LONGEST_PATH = 256;
const MOST_PATHS = 100;
const KEY = /^[A-Za-z0-9_-]{1,256}$/;

/** @throws AwsError ValidationException; `position` counts from 1 */
export function checkInput(id: string, target: Target, position: number): void {
  const { Input, InputPath, InputTransformer } = target;
  if ([Input, InputPath, InputTransformer].filter((given) => given !== undefined).length > 1)
    throw invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${id}.`);
  const text = Input ?? InputTransformer?.InputTemplate ?? "";
  if (text.length > LONGEST_INPUT)
    throw invalid(`The input of target ${id} has ${text.length} characters, at most ${LONGEST_INPUT} are allowed.`);
  const at = `targets.${position}.member`;
  if (InputPath !== undefined && InputPath.length > LONGEST_PATH)
    throw outside(`${at}.inputPath`, InputPath, `Member must have length less than or equal to ${LONGEST_PATH}`);
  if (InputTransformer !== undefined) checkTransformer(InputTransformer, `${at}.inputTransformer`);
  if (Input !== undefined && !isJson(Input)) throw invalid(`JSON syntax error in input for target ${id}.`);
  checkCompiles(id, target);
}

function checkTransformer({ InputPathsMap = {}, InputTemplate }: InputTransformer, at: string): void {
  if (!InputTemplate) throw outside(`${at}.inputTemplate`, "", "Member must have length greater than or equal to 1");
  const paths = Object.entries(InputPathsMap);
  const refuse = (rule: string) => outside(`${at}.inputPathsMap`, JSON.stringify(InputPathsMap), rule);
  if (paths.length > MOST_PATHS) throw refuse(`Member must have length less than or equal to ${MOST_PATHS}`);
  if (paths.some(([key]) => !KEY.test(key))) {
    throw refuse(
      "Map keys must satisfy constraint: [Member must have length less than or equal to 256, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [A-Za-z0-9\\_\\-]+]",
    );
  }
  if (paths.some(([, path]) => path.length > LONGEST_PATH)) {
    throw refuse(
      `Map value must satisfy constraint: [Member must have length less than or equal to ${LONGEST_PATH}, Member must have length greater than or equal to 0]`,
    );
  }
}

function checkCompiles(id: string, { InputPath, InputTransformer }: Target): void {
  const { InputPathsMap, InputTemplate = "" } = InputTransformer ?? {};
  try {
    compileTargetInput({ InputPath, InputTransformer: InputTransformer && { InputPathsMap, InputTemplate } });
  } catch (thrown) {
    if (thrown instanceof InvalidPlaceholderError)
      throw invalid(`InputTemplate for target ${id} contains invalid placeholder ${thrown.placeholder}.`);
    const what = InputPath === undefined ? "InputTransformer" : "InputPath";
    throw new AwsError("ValidationException", `Invalid ${what} for target ${id}.`, { cause: thrown });
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function outside(member: string, value: string, rule: string): AwsError {
  return invalid(`1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: ${rule}`);
}

function invalid(message: string): AwsError {
  return new AwsError("ValidationException", message);
}

/**
 * Filters of DescribeParameters and GetParametersByPath: Name, Type, Path and tags.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_ParameterStringFilter.html
 */
import type { ParameterStringFilter } from "@aws-sdk/client-ssm";
import { AwsError } from "../../aws-error.ts";
import type { ParameterRecord, ParameterStore } from "./parameter-store.ts";

type Test = (record: ParameterRecord) => boolean;

/** @throws AwsError InvalidFilterKey, InvalidFilterOption */
export function parameterFilter(parameters: ParameterStore, filters: readonly ParameterStringFilter[]): Test {
  const tests = filters.map((filter) => testOf(parameters, filter));
  return (record) => tests.every((test) => test(record));
}

function testOf(parameters: ParameterStore, { Key = "", Option, Values = [] }: ParameterStringFilter): Test {
  const wanted = (matches: (value: string) => boolean) => Values.length === 0 || Values.some(matches);
  switch (Key) {
    case "Name": {
      const option = optionOf(Key, Option ?? "Equals", ["Equals", "BeginsWith", "Contains"]);
      return ({ name }) =>
        wanted((value) => {
          if (option === "Contains") return name.includes(value);
          const bare = (text: string) => text.replace(/^\//, "");
          return option === "Equals" ? bare(name) === bare(value) : bare(name).startsWith(bare(value));
        });
    }
    case "Type": {
      optionOf(Key, Option ?? "Equals", ["Equals"]);
      return ({ type }) => wanted((value) => value === type);
    }
    case "Path": {
      const recursive = optionOf(Key, Option ?? "OneLevel", ["OneLevel", "Recursive"]) === "Recursive";
      return ({ name }) =>
        wanted((value) => {
          const folder = value.endsWith("/") ? value : `${value}/`;
          return name.startsWith(folder) && (recursive || !name.slice(folder.length).includes("/"));
        });
    }
    default:
      return tagTest(parameters, Key, Values);
  }
}

function tagTest(parameters: ParameterStore, key: string, values: readonly string[]): Test {
  if (!key.startsWith("tag:"))
    throw new AwsError("InvalidFilterKey", `The filter key ${key} is not one of Name, Type, Path and tag:<key>`);
  const tagsOf = ({ name }: ParameterRecord) => parameters.tags.list(parameters.arn(name));
  return (record) =>
    tagsOf(record).some(({ Key, Value }) => `tag:${Key}` === key && (values.length === 0 || values.includes(Value)));
}

function optionOf(key: string, option: string, known: readonly string[]): string {
  if (known.includes(option)) return option;
  throw new AwsError("InvalidFilterOption", `The filter option ${option} of ${key} is not one of ${known.join(", ")}`);
}

/** What there is of products and models: each has a parameter in SSM. */
import { paginateGetParametersByPath, type SSMClient } from "@aws-sdk/client-ssm";

/** The names of the parameters below `path`, which ends with a slash, without it. */
export async function namesBelow(ssm: SSMClient, path: string): Promise<string[]> {
  const names: string[] = [];
  for await (const { Parameters = [] } of paginateGetParametersByPath({ client: ssm }, { Path: path.slice(0, -1) })) {
    for (const { Name = "" } of Parameters) names.push(Name.slice(path.length));
  }
  return names;
}

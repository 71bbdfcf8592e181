/** Configuration kept as JSON in Parameter Store. Loaded when first used. */
import { GetParameterCommand, GetParametersByPathCommand, SSMClient } from "@aws-sdk/client-ssm";

const client = new SSMClient({});

/** The parameter's value; undefined where there is none of that name. */
export async function readParameter(name: string): Promise<string | undefined> {
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: name }));
    return Parameter?.Value;
  } catch (error) {
    if (error instanceof Error && error.name === "ParameterNotFound") return undefined;
    throw error;
  }
}

/** The values of all parameters directly below a path. */
export async function readParameters(path: string): Promise<string[]> {
  const values: string[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new GetParametersByPathCommand({ Path: path, ...(token !== undefined && { NextToken: token }) }),
    );
    values.push(...(page.Parameters ?? []).flatMap(({ Value }) => (Value === undefined ? [] : [Value])));
    token = page.NextToken;
  } while (token !== undefined);
  return values;
}

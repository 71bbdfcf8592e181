/**
 * SSM Parameter Store. SecureString values are kept as the others are: the home's folder is the user's own. As on AWS only a caller who asks for
 * decryption sees them; code that forgets to would otherwise fail in the account alone.
 */
import { createHash } from "node:crypto";
import type { Parameter } from "@aws-sdk/client-ssm";
import { AwsError } from "../../aws-error.ts";
import { defineService } from "../../define-service.ts";
import { pageByOffset } from "../../page-by-offset.ts";
import { parameterFilter } from "./parameter-filters.ts";
import { type ParameterRecord, ParameterStore } from "./parameter-store.ts";
import { parameterResource } from "./resource.ts";
import { tagOperations } from "./tag-operations.ts";

/** Parameters a page of GetParametersByPath has at most. */
const MAX_PAGE = 10;

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/Welcome.html */
export const ssm = defineService<typeof import("@aws-sdk/client-ssm")>({
  name: "ssm",
  signingName: "ssm",
  iamPrefix: "ssm",
  sdk: () => import("@aws-sdk/client-ssm"),
  create(home) {
    const parameters = new ParameterStore(home);
    const one = ({ Name = "" }: { Name?: string | undefined }) => ({ resource: parameters.requestedArn(Name) });
    const many = ({ Names = [] }: { Names?: string[] | undefined }) =>
      Names.map((name) => ({ resource: parameters.requestedArn(name) }));
    const wire = (record: ParameterRecord, decrypt = false, selector?: string): Parameter => ({
      Name: record.name,
      Type: record.type,
      Value: record.type === "SecureString" && !decrypt ? veiled(record) : record.value,
      Version: record.version,
      LastModifiedDate: new Date(record.modifiedMs),
      ARN: parameters.arn(record.name),
      DataType: "text",
      ...(selector?.includes(":") && !selector.startsWith("arn:") ? { Selector: `:${record.version}` } : {}),
    });
    return {
      resources: { "AWS::SSM::Parameter": parameterResource(parameters) },
      operations: {
        ...tagOperations(parameters),
        GetParameter: {
          authorize: one,
          handle: ({ Name = "", WithDecryption }) => {
            const record = parameters.find(Name);
            if (!record) throw new AwsError("ParameterNotFound", `Parameter ${Name} not found.`);
            return { Parameter: wire(record, WithDecryption, Name) };
          },
        },
        GetParameters: {
          authorize: many,
          handle: ({ Names = [], WithDecryption }) => {
            const found = Names.flatMap((name) => parameters.find(name) ?? []);
            return {
              Parameters: found.map((record) => wire(record, WithDecryption)),
              InvalidParameters: Names.filter((name) => !parameters.find(name)),
            };
          },
        },
        GetParametersByPath: {
          authorize: ({ Path = "" }) => ({ resource: parameters.arn(Path) }),
          handle: ({ Path = "", Recursive = false, MaxResults = MAX_PAGE, NextToken, WithDecryption, ...input }) => {
            const wanted = parameterFilter(parameters, input.ParameterFilters ?? []);
            const folder = Path.endsWith("/") ? Path : `${Path}/`;
            const below = parameters
              .all()
              .filter(({ name }) => name.startsWith(folder) && (Recursive || !name.slice(folder.length).includes("/")))
              .filter(wanted)
              .filter(({ name }) => NextToken === undefined || name > NextToken);
            const page = below.slice(0, Math.min(MaxResults, MAX_PAGE));
            const last = page.at(-1);
            return {
              Parameters: page.map((record) => wire(record, WithDecryption)),
              ...(last && below.length > page.length ? { NextToken: last.name } : {}),
            };
          },
        },
        DescribeParameters: {
          handle: ({ MaxResults = 50, NextToken, ParameterFilters = [] }) => {
            const rest = parameters
              .all()
              .filter(parameterFilter(parameters, ParameterFilters))
              .filter(({ name }) => NextToken === undefined || name > NextToken);
            const page = rest.slice(0, MaxResults);
            const last = page.at(-1);
            return {
              Parameters: page.map((record) => ({
                Name: record.name,
                ARN: parameters.arn(record.name),
                Type: record.type,
                Version: record.version,
                LastModifiedDate: new Date(record.modifiedMs),
                Description: record.description,
                Tier: "Standard",
                DataType: "text",
              })),
              ...(last && rest.length > page.length ? { NextToken: last.name } : {}),
            };
          },
        },
        GetParameterHistory: {
          authorize: one,
          handle: ({ Name = "", MaxResults = 50, NextToken, WithDecryption }) => {
            const page = pageByOffset(parameters.versions(Name), MaxResults, NextToken);
            if (page === undefined) throw new AwsError("InvalidNextToken", "The specified token isn't valid.");
            if (!parameters.find(Name)) throw new AwsError("ParameterNotFound", `Parameter ${Name} not found.`);
            return {
              Parameters: page.items.map((record) => ({
                ...wire(record, WithDecryption),
                Description: record.description,
                Tier: "Standard",
              })),
              NextToken: page.nextToken,
            };
          },
        },
        PutParameter: {
          authorize: (input) => [
            { ...one(input), context: { "ssm:Overwrite": String(input.Overwrite ?? false) } },
            ...(input.Tags === undefined ? [] : [{ ...one(input), action: "ssm:AddTagsToResource" }]),
          ],
          handle: ({ Name = "", Value = "", Type, Description, Overwrite = false, Tags = [] }) => {
            if (Overwrite && Tags.length > 0)
              throw new AwsError(
                "ValidationException",
                "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
              );
            const before = parameters.find(Name);
            const type = Type ?? before?.type;
            if (type === undefined)
              throw new AwsError("ValidationException", "A parameter type is required when you create a parameter.");
            const written = parameters.put(
              { name: Name, value: Value, type, description: Description ?? before?.description ?? "" },
              Overwrite,
            );
            parameters.tags.put(parameters.arn(written.name), Tags);
            return { Version: written.version, Tier: "Standard" };
          },
        },
        DeleteParameter: {
          authorize: one,
          handle: ({ Name = "" }) => {
            if (!parameters.drop(Name)) throw new AwsError("ParameterNotFound", `Parameter ${Name} not found.`);
            return {};
          },
        },
        DeleteParameters: {
          authorize: many,
          handle: ({ Names = [] }) => {
            const dropped = new Set(Names.filter((name) => parameters.drop(name)));
            return { DeletedParameters: [...dropped], InvalidParameters: Names.filter((name) => !dropped.has(name)) };
          },
        },
      },
    };
  },
});

/** Stands for the ciphertext: the same for the same version, and nothing to read the value from. */
function veiled({ name, version, value }: ParameterRecord): string {
  return createHash("sha512")
    .update(JSON.stringify([name, version, value]))
    .digest("base64");
}

/**
 * Search, over what the home keeps: training jobs, model packages and their groups, endpoints.
 * Source: https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_Search.html
 */
import type { Filter, SearchExpression, SearchRecord, Tag } from "@aws-sdk/client-sagemaker";
import { z } from "zod";
import type { Operations } from "../../define-service.ts";
import { pageByOffset } from "../../page-by-offset.ts";
import type { Context } from "./context.ts";
import { validation } from "./errors.ts";
import type { RecordKind } from "./records.ts";
import { matchesFilter } from "./search-filter.ts";

type Sdk = typeof import("@aws-sdk/client-sagemaker");

interface Subject {
  document: object;
  tags: Tag[];
}

/** Of other resources the home has none. */
const SEARCHED: Readonly<Record<string, { kind: RecordKind; arn: string }>> = {
  TrainingJob: { kind: "training-job", arn: "TrainingJobArn" },
  ModelPackage: { kind: "model-package", arn: "ModelPackageArn" },
  ModelPackageGroup: { kind: "model-package-group", arn: "ModelPackageGroupArn" },
  Endpoint: { kind: "endpoint", arn: "EndpointArn" },
};
const DEFAULT_PAGE = 10;
const Metrics = z.array(z.looseObject({ MetricName: z.string(), Value: z.number() }));

export function searchOperations({ records, tags }: Context): Pick<Operations<Sdk>, "Search"> {
  const subjects = (resource: string): Subject[] => {
    const searched = SEARCHED[resource];
    if (searched === undefined) return [];
    return records.list<object>(searched.kind).map(({ document }) => ({
      document,
      tags: tags.of(String(Reflect.get(document, searched.arn))),
    }));
  };
  return {
    Search: {
      handle({ Resource = "TrainingJob", SearchExpression, SortBy = "LastModifiedTime", SortOrder, ...request }) {
        const found = subjects(Resource).filter((subject) => holds(subject, SearchExpression ?? {}));
        const sorted = found.toSorted((a, b) => compare(property(a, SortBy), property(b, SortBy)));
        if (SortOrder !== "Ascending") sorted.reverse();
        const page = pageByOffset(sorted, request.MaxResults ?? DEFAULT_PAGE, request.NextToken);
        if (page === undefined) throw validation("Invalid pagination token");
        const Results: SearchRecord[] = page.items.map(({ document, tags }) => ({
          [Resource]: { ...document, Tags: tags },
        }));
        const { nextToken } = page;
        return { Results, ...(nextToken !== undefined && { NextToken: nextToken }) };
      },
    },
  };
}

function holds(
  subject: Subject,
  { Filters = [], NestedFilters, SubExpressions = [], Operator }: SearchExpression,
): boolean {
  if (NestedFilters !== undefined && NestedFilters.length > 0)
    throw validation(
      "NestedFilters are not built in the embedded home; filter by the property's path, as in HyperParameters.max_depth",
    );
  const answers = [
    ...Filters.map((filter: Filter) => matchesFilter(property(subject, filter.Name ?? ""), filter)),
    ...SubExpressions.map((expression) => holds(subject, expression)),
  ];
  if (answers.length === 0) return true;
  return Operator === "Or" ? answers.some(Boolean) : answers.every(Boolean);
}

/** A property by its path; `Tags.KEY` and `Metrics.NAME` are found by key and name. */
function property({ document, tags }: Subject, path: string): unknown {
  const [head = "", ...rest] = path.split(".");
  const name = rest.join(".");
  if (head === "Tags") return tags.find(({ Key }) => Key === name)?.Value;
  if (head === "Metrics") {
    const metrics = Metrics.safeParse(Reflect.get(document, "FinalMetricDataList")).data ?? [];
    return metrics.find(({ MetricName }) => MetricName === name)?.Value;
  }
  return path
    .split(".")
    .reduce<unknown>((value, key) => (isObject(value) ? Reflect.get(value, key) : undefined), document);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function compare(a: unknown, b: unknown): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  const [left, right] = [sortText(a), sortText(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

function sortText(value: unknown): string {
  return value instanceof Date ? value.toISOString() : String(value ?? "");
}

/**
 * Dynalite's validation and actions over the home's own store. See docs/decisions/0002-dynamodb.md.
 * Data are DynamoDB's wire JSON (`{"pk": {"S": "…"}}`).
 */
import { createRequire } from "node:module";
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";
import type { Store } from "../../store/index.ts";
import { createKeySpace, dropKeySpace, type KeySpace, TABLE_SPACE } from "./key-space.ts";

export const BUILT = [
  "BatchGetItem",
  "BatchWriteItem",
  "CreateTable",
  "DeleteItem",
  "DeleteTable",
  "DescribeTable",
  "GetItem",
  "ListTables",
  "ListTagsOfResource",
  "PutItem",
  "Query",
  "Scan",
  "TagResource",
  "UntagResource",
  "UpdateItem",
  "UpdateTable",
] as const;
export type Built = (typeof BUILT)[number];
/** Operations on one item, which dynalite answers before it returns. */
export type OnItem = "GetItem" | "PutItem" | "UpdateItem" | "DeleteItem";

type Done = (error: unknown, data?: unknown) => void;
type Action = (store: object, data: unknown, done: Done) => void;

interface Validations {
  checkTypes(data: unknown, types: unknown): unknown;
  checkValidations(data: unknown, types: unknown, custom: unknown, store: object): void;
}

const require = createRequire(import.meta.url);
const Refusal = z.object({
  statusCode: z.number(),
  body: z.looseObject({ __type: z.string(), message: z.string().optional(), Message: z.string().optional() }),
});
const MAX_ITEM_BYTES = 409_600;

export interface DynaliteOptions {
  store: Store;
  accountId: string;
  region: string;
}

export interface Dynalite {
  /** @throws AwsError as DynamoDB names and words it */
  call(operation: Built, data: unknown): Promise<unknown>;
  /** Refuses as `call` would before it looks at any item. @throws AwsError */
  check(operation: Built, data: unknown): void;
  /** `call` within this turn, so that several can share one transaction of the store. @throws AwsError */
  callNow(operation: OnItem, data: unknown): unknown;
}

export function createDynalite(options: DynaliteOptions): Dynalite {
  const backing = createBacking(options);
  const checked = (operation: Built, data: unknown) => {
    const validations: Validations = require("dynalite/validations");
    const { types, custom }: { types: unknown; custom?: unknown } = require(`dynalite/validations/${file(operation)}`);
    // Dynalite takes out of what it is given the members that it does not know.
    const typed = validations.checkTypes(structuredClone(data), types);
    validations.checkValidations(typed, types, custom, backing);
    return typed;
  };
  const act = (operation: Built, data: unknown, done: Done) => {
    try {
      const action: Action = require(`dynalite/actions/${file(operation)}`);
      action(backing, checked(operation, data), (error, answer) =>
        error ? done(refusal(error, data)) : done(null, answer),
      );
    } catch (thrown) {
      done(refusal(thrown, data));
    }
  };
  return {
    call: (operation, data) =>
      new Promise((resolve, reject) =>
        act(operation, data, (error, answer) => (error ? reject(error) : resolve(answer))),
      ),
    check(operation, data) {
      try {
        checked(operation, data);
      } catch (thrown) {
        throw refusal(thrown, data);
      }
    },
    callNow(operation, data) {
      let answered: { error: unknown; answer?: unknown } | undefined;
      act(operation, data, (error, answer) => {
        answered = { error, answer };
      });
      if (answered === undefined) throw new TypeError(`dynalite's ${operation} did not answer within its turn`);
      if (answered.error) throw answered.error;
      return answered.answer;
    },
  };
}

/** The name of an operation's files in dynalite. */
function file(operation: Built): string {
  return operation.charAt(0).toLowerCase() + operation.slice(1);
}

function refusal(thrown: unknown, data: unknown): unknown {
  const parsed = Refusal.safeParse(thrown);
  if (!parsed.success) return thrown;
  const { statusCode, body } = parsed.data;
  const code = body.__type.slice(body.__type.lastIndexOf("#") + 1);
  const message = body.message ?? body.Message ?? "";
  return new AwsError(code, message === "" ? wordless(code, data) : message, { status: statusCode });
}

/** What DynamoDB says where dynalite says nothing. */
function wordless(code: string, data: unknown): string {
  const { TableName } = z.looseObject({ TableName: z.string().optional() }).parse(data);
  return code === "ResourceInUseException" ? `Table already exists: ${TableName}` : code;
}

/** The object dynalite's actions know as their store. */
function createBacking({ store, accountId, region }: DynaliteOptions) {
  const spaces = new Map<string, KeySpace>();
  const space = (name: string) => {
    const known = spaces.get(name) ?? createKeySpace(store, name);
    spaces.set(name, known);
    return known;
  };
  const drop = (name: string, done: Done) => {
    dropKeySpace(store, name);
    done(null);
  };
  const tableDb = Object.assign(space(TABLE_SPACE), { awsAccountId: accountId, awsRegion: region });
  const indexName = (type: string, table: string, index: string) => `index-${type.toLowerCase()}~${table}~${index}`;
  return {
    options: {
      createTableMs: 0,
      deleteTableMs: 0,
      updateTableMs: 0,
      maxItemSize: MAX_ITEM_BYTES,
      maxItemSizeKb: MAX_ITEM_BYTES / 1024,
    },
    tableDb,
    getItemDb: (table: string) => space(`item-${table}`),
    deleteItemDb: (table: string, done: Done) => drop(`item-${table}`, done),
    getIndexDb: (type: string, table: string, index: string) => space(indexName(type, table, index)),
    deleteIndexDb: (type: string, table: string, index: string, done: Done) =>
      drop(indexName(type, table, index), done),
    getTagDb: (arn: string) => space(`tag-${arn}`),
    deleteTagDb: (arn: string, done: Done) => drop(`tag-${arn}`, done),
    getTable(name: string, checkStatus: boolean | Done, done?: Done) {
      const answer = typeof checkStatus === "function" ? checkStatus : (done ?? (() => undefined));
      tableDb.get(name, (error, table) =>
        error ? answer(tableNotFound(name, checkStatus === true)) : answer(null, table),
      );
    },
  };
}

function tableNotFound(name: string, brief: boolean): Error {
  const message = brief ? "Requested resource not found" : `Requested resource not found: Table: ${name} not found`;
  const body = { __type: "com.amazonaws.dynamodb.v20120810#ResourceNotFoundException", message };
  return Object.assign(new Error(message), { name: "NotFoundError", statusCode: 400, body });
}

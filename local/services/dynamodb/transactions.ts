/**
 * TransactWriteItems and TransactGetItems: all of their actions within one transaction of the home's store.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
import { createHash } from "node:crypto";
import { z } from "zod";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts } from "../../define-service.ts";
import type { Dynalite, OnItem } from "./dynalite.ts";

export const TRANSACTION_TABLES = `
  CREATE TABLE dynamodb_transactions (token TEXT PRIMARY KEY, request TEXT NOT NULL, at INTEGER NOT NULL) STRICT, WITHOUT ROWID;
`;

const MAX_ACTIONS = 100;
/** A repeated ClientRequestToken is the same request for ten minutes. */
const TOKEN_MS = 600_000;

const Action = z.looseObject({
  TableName: z.string(),
  Key: z.record(z.string(), z.unknown()).optional(),
  Item: z.record(z.string(), z.unknown()).optional(),
  ReturnValuesOnConditionCheckFailure: z.string().optional(),
});
const WriteRequest = z.object({
  TransactItems: z.array(z.record(z.string(), Action)),
  ClientRequestToken: z.string().optional(),
});
const GetRequest = z.object({ TransactItems: z.array(z.object({ Get: Action })) });
const Described = z.object({ Table: z.object({ KeySchema: z.array(z.object({ AttributeName: z.string() })) }) });

type Action = z.infer<typeof Action>;
type Kind = keyof typeof CALLS;

/** Each kind of action as the single operation that does the same; a ConditionCheck is a delete that is taken back. */
const CALLS = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "DeleteItem",
} as const satisfies Record<string, OnItem>;

interface Reason {
  Code: string;
  Message?: string;
  Item?: unknown;
}

class TakenBack extends Error {}

export interface Transactions {
  /** `request` and answer are wire JSON. @throws AwsError TransactionCanceledException with a reason for each action */
  write(request: unknown): Promise<object>;
  get(request: unknown): Promise<object>;
}

export function createTransactions(home: HomePorts, dynalite: Dynalite): Transactions {
  const keysOf = async (tables: readonly string[]) => {
    const keys = new Map<string, string[]>();
    for (const TableName of new Set(tables)) {
      const { Table } = Described.parse(await dynalite.call("DescribeTable", { TableName }));
      const names = Table.KeySchema.map(({ AttributeName }) => AttributeName);
      keys.set(TableName, names);
    }
    return keys;
  };
  return {
    async write(request) {
      const { TransactItems, ClientRequestToken } = WriteRequest.parse(request);
      checkCount(TransactItems.length);
      const actions = TransactItems.map(single);
      for (const { kind, action } of actions) dynalite.check(CALLS[kind], action);
      const keys = await keysOf(actions.map(({ action }) => action.TableName));
      const items = actions.map(({ action }) => keyOf(action, keys.get(action.TableName) ?? []));
      checkDistinct(actions.map(({ action }, index) => `${action.TableName} ${JSON.stringify(items[index])}`));
      home.store.transaction(() => {
        if (ClientRequestToken !== undefined && isRepeated(home, ClientRequestToken, TransactItems)) return;
        writeAll(home, dynalite, actions, items);
      });
      return {};
    },
    async get(request) {
      const { TransactItems } = GetRequest.parse(request);
      checkCount(TransactItems.length);
      for (const { Get } of TransactItems) dynalite.check("GetItem", Get);
      return { Responses: TransactItems.map(({ Get }) => dynalite.callNow("GetItem", Get)) };
    },
  };
}

function writeAll(
  home: HomePorts,
  dynalite: Dynalite,
  actions: readonly { kind: Kind; action: Action }[],
  keys: readonly object[],
): void {
  const reasons = actions.map(({ kind, action }, index): Reason => {
    try {
      perform(home, dynalite, kind, action);
      return { Code: "None" };
    } catch (thrown) {
      return reasonOf(dynalite, thrown, action, keys[index] ?? {});
    }
  });
  if (reasons.every(({ Code }) => Code === "None")) return;
  const codes = reasons.map(({ Code }) => Code).join(", ");
  throw new AwsError(
    "TransactionCanceledException",
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { fields: { CancellationReasons: reasons } },
  );
}

function perform(home: HomePorts, dynalite: Dynalite, kind: Kind, action: Action): void {
  try {
    home.store.transaction(() => {
      dynalite.callNow(CALLS[kind], action);
      if (kind === "ConditionCheck") throw new TakenBack();
    });
  } catch (thrown) {
    if (!(thrown instanceof TakenBack)) throw thrown;
  }
}

function reasonOf(dynalite: Dynalite, thrown: unknown, action: Action, Key: object): Reason {
  if (!(thrown instanceof AwsError)) throw thrown;
  if (thrown.code === "ValidationException") return { Code: "ValidationError", Message: thrown.message };
  if (thrown.code !== "ConditionalCheckFailedException") throw thrown;
  const reason: Reason = { Code: "ConditionalCheckFailed", Message: thrown.message };
  if (action.ReturnValuesOnConditionCheckFailure !== "ALL_OLD") return reason;
  const { Item } = Object(dynalite.callNow("GetItem", { TableName: action.TableName, Key }));
  return Item === undefined ? reason : { ...reason, Item };
}

/** Whether the token was seen with this very request; notes it when not. */
function isRepeated({ store, clock }: HomePorts, token: string, request: unknown): boolean {
  const digest = createHash("sha256").update(JSON.stringify(request)).digest("hex");
  store.prepare("DELETE FROM dynamodb_transactions WHERE at <= ?").run(clock.now() - TOKEN_MS);
  const known = store.prepare("SELECT request FROM dynamodb_transactions WHERE token = ?").get(token);
  if (known === undefined) {
    store.prepare("INSERT INTO dynamodb_transactions VALUES (?, ?, ?)").run(token, digest, clock.now());
    return false;
  }
  if (known.request === digest) return true;
  throw new AwsError(
    "IdempotentParameterMismatchException",
    "The request uses the same client token as a previous, but non-identical request. Do not reuse a client token with different requests, unless the requests are identical",
  );
}

function single(item: Readonly<Record<string, Action>>): { kind: Kind; action: Action } {
  const [[name, action] = [], ...others] = Object.entries(item);
  if (name === undefined || action === undefined || others.length > 0 || !isKind(name)) {
    throw new AwsError("ValidationException", "TransactItems can only contain one of Check, Put, Update or Delete");
  }
  return { kind: name, action };
}

function isKind(name: string): name is Kind {
  return Object.hasOwn(CALLS, name);
}

function keyOf({ Key, Item }: Action, names: readonly string[]): object {
  const from = Key ?? Item ?? {};
  return Object.fromEntries(names.map((name) => [name, from[name]]));
}

function checkCount(count: number): void {
  if (count >= 1 && count <= MAX_ACTIONS) return;
  const bound = count < 1 ? "greater than or equal to 1" : `less than or equal to ${MAX_ACTIONS}`;
  throw new AwsError(
    "ValidationException",
    `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length ${bound}`,
  );
}

function checkDistinct(items: readonly string[]): void {
  if (new Set(items).size === items.length) return;
  throw new AwsError("ValidationException", "Transaction request cannot include multiple operations on one item");
}

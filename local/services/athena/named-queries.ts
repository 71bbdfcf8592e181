/** Named queries: texts kept to be run again. Athena stores and answers them; who runs one sends its text. */
import { z } from "zod";
import type { HomePorts } from "../../define-service.ts";
import { invalidRequest } from "./errors.ts";

const NamedQuery = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string().optional(),
  database: z.string(),
  text: z.string(),
  workGroup: z.string(),
});
export type NamedQuery = z.infer<typeof NamedQuery>;

export interface NamedQueries {
  find(id: string): NamedQuery | undefined;
  /** @throws AwsError InvalidRequestException */
  get(id: string): NamedQuery;
  ofWorkGroup(name: string): NamedQuery[];
  put(query: NamedQuery): void;
  delete(id: string): void;
  deleteAll(workGroup: string): void;
}

export function createNamedQueries({ store, clock }: HomePorts): NamedQueries {
  const find = store.prepare("SELECT body FROM athena_named WHERE id = ?");
  const all = store.prepare("SELECT body FROM athena_named WHERE work_group = ? ORDER BY created_ms, rowid");
  const put = store.prepare(
    "INSERT INTO athena_named VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
  );
  const drop = store.prepare("DELETE FROM athena_named WHERE id = ?");
  const dropAll = store.prepare("DELETE FROM athena_named WHERE work_group = ?");
  const read = ({ body }: { body?: unknown }) => NamedQuery.parse(JSON.parse(String(body)));
  const one = (id: string) => {
    const row = find.get(id);
    return row && read(row);
  };
  return {
    find: one,
    get(id) {
      const query = one(id);
      if (query !== undefined) return query;
      throw invalidRequest(`NamedQuery ${id} was not found`);
    },
    ofWorkGroup: (name) => all.all(name).map(read),
    put: (query) => void put.run(query.id, query.workGroup, clock.now(), JSON.stringify(query)),
    delete: (id) => void drop.run(id),
    deleteAll: (workGroup) => void dropAll.run(workGroup),
  };
}

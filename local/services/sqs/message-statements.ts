/** The statements of the message store. */
import type { Store } from "../../store/index.ts";

export type Statements = ReturnType<typeof prepareStatements>;

export function prepareStatements(store: Store) {
  const prepare = (sql: string) => store.prepare(sql);
  return {
    insert: prepare(
      `INSERT INTO sqs_messages (queue, message_id, body, attributes, sender, group_id, dedup_id, sent_ms, visible_ms, trace)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id`,
    ),
    visible: prepare("SELECT * FROM sqs_messages WHERE queue = ? AND visible_ms <= ? ORDER BY visible_ms, id LIMIT ?"),
    visibleFifo: prepare(
      `SELECT * FROM sqs_messages AS m WHERE queue = ? AND visible_ms <= ? AND NOT EXISTS
           (SELECT 1 FROM sqs_messages AS e WHERE e.queue = m.queue AND e.group_id = m.group_id AND e.id < m.id AND e.visible_ms > ?)
         ORDER BY id LIMIT ?`,
    ),
    receive: prepare(
      `UPDATE sqs_messages SET receives = receives + 1, visible_ms = ?, receipt = ?, first_receive_ms = coalesce(first_receive_ms, ?)
         WHERE id = ?`,
    ),
    move: prepare(
      "UPDATE sqs_messages SET source = queue, queue = ?, receives = 0, receipt = NULL, first_receive_ms = NULL, visible_ms = ? WHERE id = ?",
    ),
    movable: prepare("SELECT id, source FROM sqs_messages WHERE queue = ? AND visible_ms <= ? ORDER BY id"),
    remove: prepare("DELETE FROM sqs_messages WHERE queue = ? AND receipt = ?"),
    byReceipt: prepare("SELECT * FROM sqs_messages WHERE queue = ? AND receipt = ?"),
    hide: prepare("UPDATE sqs_messages SET visible_ms = ? WHERE id = ?"),
    expire: prepare("DELETE FROM sqs_messages WHERE queue = ? AND sent_ms <= ?"),
    purge: prepare("DELETE FROM sqs_messages WHERE queue = ?"),
    counts: prepare(
      `SELECT count(*) FILTER (WHERE visible_ms <= ?) AS visible, count(*) FILTER (WHERE visible_ms > ? AND receives > 0) AS hidden,
           count(*) FILTER (WHERE visible_ms > ? AND receives = 0) AS delayed FROM sqs_messages WHERE queue = ?`,
    ),
    duplicate: prepare(
      "SELECT message_id, message FROM sqs_deduplications WHERE queue = ? AND dedup_id = ? AND until_ms > ?",
    ),
    remember: prepare("INSERT OR REPLACE INTO sqs_deduplications VALUES (?, ?, ?, ?, ?)"),
    forget: prepare("DELETE FROM sqs_deduplications WHERE until_ms <= ?"),
  };
}

/** A query process that dies of the query "dies", and never comes back from the query "hangs", as from a text the translator works on without end. */
import type { ToEngine } from "../../../../local/services/athena/engine/protocol.ts";

process.on("message", (message: ToEngine) => {
  if (message.task === "cancel" || message.task === "warm") return;
  if (message.task.query === "hangs") for (;;);
  if (message.task.query === "dies") process.kill(process.pid, "SIGKILL");
  const outputs = { names: [String(process.pid)], star: undefined };
  process.send?.({ id: message.id, result: { sql: message.task.query, tables: [], outputs } });
});

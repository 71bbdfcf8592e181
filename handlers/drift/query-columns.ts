/** Which of a table's columns a model's query reads, told from its text. */

const COMMENT = /--[^\n]*|\/\*[\s\S]*?\*\//g;
/** `SELECT *`, `SELECT DISTINCT *`, `a, *`, `t.*`; not `count(*)`, nor a product. */
const EVERYTHING = /(\bselect(\s+(all|distinct))?|,|\.)\s*\*/i;

/**
 * Whether the query may read the column: it names it anywhere outside comments, or selects all there are. It errs towards
 * reading, as a value or an alias of that name is taken for the column.
 */
export function mayRead(sql: string): (column: string) => boolean {
  const text = sql.replace(COMMENT, " ");
  if (EVERYTHING.test(text)) return () => true;
  const words = new Set(text.toLowerCase().match(/[\p{L}\p{N}_]+/gu));
  return (column) => words.has(column.toLowerCase());
}

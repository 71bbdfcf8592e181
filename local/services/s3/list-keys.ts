/**
 * Listing in key order (UTF-8 bytes, which is SQLite's order of text) with prefix, delimiter and paging.
 * A common prefix counts as one entry, and its keys are skipped by seeking past them, not by reading them.
 */
import type { Row, Store } from "../../store/index.ts";
import { type ObjectVersion, versionFromRow } from "./object-store.ts";

export interface Listing {
  bucket: string;
  prefix: string;
  delimiter: string | undefined;
  /** Keys up to and including this one (or everything under this common prefix) are left out. */
  after: string | undefined;
  /** Versions only: go on within `after`'s key, below this sequence. */
  afterSequence?: number | undefined;
  maxKeys: number;
  /** Every version and delete marker, newest first in a key; else only latest versions that are objects. */
  versions: boolean;
}

export interface Page {
  entries: ObjectVersion[];
  commonPrefixes: string[];
  truncated: boolean;
  /** The key or common prefix of the last entry: `after` of the next page. */
  last: string | undefined;
}

// Greater than any text that may follow a prefix in a real key.
const HIGHEST = "\u{10FFFF}";
const LATEST =
  "SELECT * FROM s3_objects WHERE bucket = ? AND (key, -sequence) > (?, ?) AND is_latest = 1 AND delete_marker = 0 ORDER BY key LIMIT ?";
const VERSIONS =
  "SELECT * FROM s3_objects WHERE bucket = ? AND (key, -sequence) > (?, ?) ORDER BY key, sequence DESC LIMIT ?";

export function listKeys(store: Store, listing: Listing): Page {
  const page: Page = { entries: [], commonPrefixes: [], truncated: false, last: undefined };
  if (listing.maxKeys === 0) return page;
  const statement = store.prepare(listing.versions ? VERSIONS : LATEST);
  let from = startOf(listing);
  for (;;) {
    const rows = statement.all(listing.bucket, from.key, from.negatedSequence, listing.maxKeys + 1);
    const next = take(page, listing, rows);
    if (next === undefined) return page;
    from = next;
  }
}

interface Seek {
  key: string;
  negatedSequence: number;
}

/** Past every version of `key`. */
const pastKey = (key: string): Seek => ({ key, negatedSequence: Number.MAX_SAFE_INTEGER });
/** Before every version of `key`. */
const beforeKey = (key: string): Seek => ({ key, negatedSequence: -Number.MAX_SAFE_INTEGER });

function startOf({ prefix, delimiter, after, afterSequence }: Listing): Seek {
  if (after === undefined || after === "") return beforeKey(prefix);
  if (afterSequence !== undefined) return { key: after, negatedSequence: -afterSequence };
  if (delimiter !== undefined && after.startsWith(prefix) && after.slice(prefix.length).endsWith(delimiter)) {
    return pastKey(after + HIGHEST);
  }
  return Buffer.compare(Buffer.from(after), Buffer.from(prefix)) < 0 ? beforeKey(prefix) : pastKey(after);
}

/** Takes rows into the page; where to go on, or undefined when the page is complete. */
function take(page: Page, { prefix, delimiter, maxKeys }: Listing, rows: Row[]): Seek | undefined {
  for (const row of rows) {
    const key = String(row.key);
    if (!key.startsWith(prefix)) return undefined;
    if (page.entries.length + page.commonPrefixes.length === maxKeys) {
      page.truncated = true;
      return undefined;
    }
    const cut = delimiter === undefined ? -1 : key.indexOf(delimiter, prefix.length);
    if (cut >= 0 && delimiter !== undefined) {
      const common = key.slice(0, cut + delimiter.length);
      page.commonPrefixes.push(common);
      page.last = common;
      return pastKey(common + HIGHEST);
    }
    page.entries.push(versionFromRow(row));
    page.last = key;
  }
  if (rows.length <= maxKeys) return undefined;
  const last = rows.at(-1);
  return last === undefined ? undefined : { key: String(last.key), negatedSequence: -Number(last.sequence) };
}

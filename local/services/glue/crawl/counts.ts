/** What a crawl did to the catalog. */
export interface CrawlCounts {
  tablesCreated: number;
  tablesUpdated: number;
  tablesDeleted: number;
  partitionsCreated: number;
  partitionsUpdated: number;
  partitionsDeleted: number;
  warnings: string[];
}

export function noCounts(): CrawlCounts {
  return {
    tablesCreated: 0,
    tablesUpdated: 0,
    tablesDeleted: 0,
    partitionsCreated: 0,
    partitionsUpdated: 0,
    partitionsDeleted: 0,
    warnings: [],
  };
}

/** `Summary` of ListCrawls: counts for each kind of object that changed, as JSON text. */
export function summaryOf(counts: CrawlCounts): string {
  const kind = (add: number, update: number, remove: number) => ({
    ...(add > 0 ? { ADD: { Count: add } } : {}),
    ...(update > 0 ? { UPDATE: { Count: update } } : {}),
    ...(remove > 0 ? { DELETE: { Count: remove } } : {}),
  });
  const tables = kind(counts.tablesCreated, counts.tablesUpdated, counts.tablesDeleted);
  const partitions = kind(counts.partitionsCreated, counts.partitionsUpdated, counts.partitionsDeleted);
  return JSON.stringify({
    ...(Object.keys(tables).length > 0 ? { TABLE: tables } : {}),
    ...(Object.keys(partitions).length > 0 ? { PARTITION: partitions } : {}),
  });
}

/** The tables of what is up: resources, replaced ones that await deletion, the last apply, and its stacks. */
export const ASSEMBLY_TABLES: readonly string[] = [
  `CREATE TABLE assembly_resources (
     stack TEXT NOT NULL, logical_id TEXT NOT NULL, type TEXT NOT NULL, status TEXT NOT NULL, generation INTEGER NOT NULL,
     properties TEXT NOT NULL, physical_id TEXT NOT NULL, attributes TEXT NOT NULL, retain INTEGER NOT NULL,
     position INTEGER NOT NULL, PRIMARY KEY (stack, logical_id)) STRICT;
   CREATE TABLE assembly_orphans (
     id INTEGER PRIMARY KEY AUTOINCREMENT, stack TEXT NOT NULL, logical_id TEXT NOT NULL, type TEXT NOT NULL,
     generation INTEGER NOT NULL, physical_id TEXT NOT NULL, attributes TEXT NOT NULL) STRICT;
   CREATE TABLE assembly_applied (id INTEGER PRIMARY KEY CHECK (id = 1), digest TEXT NOT NULL, summary TEXT NOT NULL) STRICT;`,
  // A home without stack records applies its assembly once more, which changes nothing and writes them.
  `CREATE TABLE assembly_stacks (name TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT;
   DELETE FROM assembly_applied;`,
  `CREATE TABLE assembly_parameters (
     stack TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (stack, name)) STRICT;
   ALTER TABLE assembly_orphans ADD COLUMN properties TEXT;
   DELETE FROM assembly_applied;`,
];

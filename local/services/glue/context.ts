/** What Glue's operations share. */
import type { HomePorts } from "../../define-service.ts";
import type { ResourceTags } from "../../resource-tags.ts";
import type { Catalog } from "./catalog.ts";
import type { CrawlStore } from "./crawl-store.ts";

export type Sdk = typeof import("@aws-sdk/client-glue");

export interface Glue {
  home: HomePorts;
  catalog: Catalog;
  crawls: CrawlStore;
  tags: ResourceTags;
}

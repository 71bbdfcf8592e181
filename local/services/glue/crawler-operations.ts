/** Operations on crawlers and their crawls. */
import type { Crawler, CrawlerHistory, CreateCrawlerRequest } from "@aws-sdk/client-glue";
import { AwsError } from "../../aws-error.ts";
import type { Operations } from "../../define-service.ts";
import { tagsOfMap } from "../../resource-tags.ts";
import { glueArns } from "./authorizations.ts";
import type { Glue, Sdk } from "./context.ts";
import type { CrawlRunner } from "./crawl-runner.ts";
import type { Crawl } from "./crawl-store.ts";
import { planCrawl } from "./crawler-definition.ts";
import { alreadyExists } from "./errors.ts";
import { pageOf } from "./paging.ts";
import { roleArnOf } from "./role-arn.ts";
import { glueArn } from "./tag-operations.ts";

const PAGE = 100;

export function crawlerOperations(glue: Glue, runner: CrawlRunner): Operations<Sdk> {
  return { ...definitionOperations(glue), ...runOperations(glue, runner) };
}

function definitionOperations({ home, crawls, tags }: Glue): Operations<Sdk> {
  const arns = glueArns(home);
  const passRole = (role: string | undefined) =>
    role === undefined
      ? []
      : [
          {
            action: "iam:PassRole",
            resource: roleArnOf(role, home.accountId),
            context: { "iam:PassedToService": "glue.amazonaws.com" },
          },
        ];
  return {
    CreateCrawler: {
      authorize: (input) => [...arns.crawler(input.Name), ...passRole(input.Role)],
      handle(input) {
        createCrawler({ home, crawls }, input);
        tags.replace(glueArn({ home }, "crawler", input.Name ?? ""), tagsOfMap(input.Tags));
        return {};
      },
    },
    UpdateCrawler: {
      authorize: (input) => [...arns.crawler(input.Name), ...passRole(input.Role)],
      handle(input) {
        const {
          State: _state,
          LastCrawl: _last,
          CrawlElapsedTime: _elapsed,
          ...current
        } = crawls.crawler(input.Name ?? "");
        if (crawls.current(input.Name ?? "") !== undefined) throw running(input.Name ?? "");
        planCrawl(input);
        const { Schedule: _schedule, ...changes } = input;
        const Version = (current.Version ?? 1) + 1;
        crawls.putCrawler({ ...current, ...changes, LastUpdated: new Date(home.clock.now()), Version });
        return {};
      },
    },
    DeleteCrawler: {
      authorize: (input) => arns.crawler(input.Name),
      handle(input) {
        crawls.crawler(input.Name ?? "");
        if (crawls.current(input.Name ?? "") !== undefined) throw running(input.Name ?? "");
        crawls.deleteCrawler(input.Name ?? "");
        tags.replace(glueArn({ home }, "crawler", input.Name ?? ""), []);
        return {};
      },
    },
    GetCrawler: {
      authorize: (input) => arns.crawler(input.Name),
      handle: (input) => ({ Crawler: crawls.crawler(input.Name ?? "") }),
    },
    GetCrawlers: {
      handle(input) {
        const page = pageOf(crawls.crawlers(), input.NextToken, input.MaxResults ?? PAGE);
        return { Crawlers: page.items, NextToken: page.nextToken };
      },
    },
    ListCrawlers: {
      handle(input) {
        const names = crawls.crawlers().map(({ Name }) => Name ?? "");
        const page = pageOf(names, input.NextToken, input.MaxResults ?? PAGE);
        return { CrawlerNames: page.items, NextToken: page.nextToken };
      },
    },
  };
}

function runOperations({ home, crawls }: Glue, runner: CrawlRunner): Operations<Sdk> {
  const arns = glueArns(home);
  return {
    StartCrawler: {
      authorize: (input) => arns.crawler(input.Name),
      handle(input) {
        const crawler = crawls.crawler(input.Name ?? "");
        if (crawls.current(input.Name ?? "") !== undefined) throw running(input.Name ?? "");
        runner.begin(crawler);
        return {};
      },
    },
    StopCrawler: {
      authorize: (input) => arns.crawler(input.Name),
      handle(input) {
        const name = crawls.crawler(input.Name ?? "").Name ?? "";
        const crawl = crawls.current(name);
        if (crawl === undefined) {
          throw new AwsError("CrawlerNotRunningException", `Crawler with name ${name} is not running`);
        }
        if (crawl.state === "STOPPING") {
          throw new AwsError("CrawlerStoppingException", `Crawler with name ${name} is stopping`);
        }
        runner.stop(crawl);
        return {};
      },
    },
    ListCrawls: {
      authorize: (input) => arns.crawler(input.CrawlerName),
      handle(input) {
        crawls.crawler(input.CrawlerName ?? "");
        const all = crawls.crawlsOf(input.CrawlerName ?? "").map(historyOf);
        const page = pageOf(all, input.NextToken, input.MaxResults ?? 20);
        return { Crawls: page.items, NextToken: page.nextToken };
      },
    },
  };
}

/** Also what AWS::Glue::Crawler creates by. */
export function createCrawler({ home, crawls }: Pick<Glue, "home" | "crawls">, input: CreateCrawlerRequest): void {
  planCrawl(input);
  if (crawls.find(input.Name ?? "") !== undefined)
    throw alreadyExists(`Crawler with name ${input.Name} already exists`);
  const { Tags: _tags, Schedule: _schedule, ...definition } = input;
  const now = new Date(home.clock.now());
  const made: Crawler = {
    ...definition,
    Classifiers: [],
    SchemaChangePolicy: {
      UpdateBehavior: input.SchemaChangePolicy?.UpdateBehavior ?? "UPDATE_IN_DATABASE",
      DeleteBehavior: input.SchemaChangePolicy?.DeleteBehavior ?? "DEPRECATE_IN_DATABASE",
    },
    RecrawlPolicy: { RecrawlBehavior: "CRAWL_EVERYTHING" },
    LineageConfiguration: { CrawlerLineageSettings: "DISABLE" },
    CreationTime: now,
    LastUpdated: now,
    Version: 1,
  };
  crawls.putCrawler(made);
}

function historyOf(crawl: Crawl): CrawlerHistory {
  return {
    CrawlId: crawl.crawlId,
    State: crawl.state === "STOPPING" ? "RUNNING" : crawl.state,
    StartTime: new Date(crawl.startedMs),
    ...(crawl.endedMs === undefined ? {} : { EndTime: new Date(crawl.endedMs) }),
    ...(crawl.summary === undefined ? {} : { Summary: crawl.summary }),
    ...(crawl.errorMessage === undefined ? {} : { ErrorMessage: crawl.errorMessage }),
    LogGroup: "/aws-glue/crawlers",
    LogStream: crawl.logStream,
    MessagePrefix: crawl.crawlId,
  };
}

function running(name: string): AwsError {
  return new AwsError("CrawlerRunningException", `Crawler with name ${name} has already started`);
}

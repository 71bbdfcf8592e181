import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  CreateLogStreamCommand,
  DeleteQueryDefinitionCommand,
  DescribeQueriesCommand,
  DescribeQueryDefinitionsCommand,
  GetLogRecordCommand,
  GetQueryResultsCommand,
  PutLogEventsCommand,
  PutQueryDefinitionCommand,
  StartQueryCommand,
  type StartQueryCommandInput,
  StopQueryCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Home, openHome } from "../../../../local/home.ts";
import { logs } from "../../../../local/services/logs/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

const NOW = Math.floor(Date.now() / 600_000) * 600_000;
const REQUEST = "2b1c9c0e-5a0d-4f52-9f8e-0123456789ab";
let directory: string;
let home: Home;
let client: CloudWatchLogsClient;

const open = async () => {
  home = await openHome({ directory, services: [logs] });
  await home.start();
  client = new CloudWatchLogsClient(home.clientConfig());
};
beforeAll(async () => {
  directory = temporaryFolder("insights");
  await open();
  await write("/app/json", [
    { level: "INFO", ms: 10, fn: { name: "drift" }, cold: true, user: "ann" },
    { level: "ERROR", ms: 30, fn: { name: "gate" }, tags: ["a", "b"], "dotted.key": 1 },
    { level: "ERROR", ms: 50, fn: { name: "gate" }, user: "ann" },
    { level: "INFO", ms: 70.123456, fn: { name: "drift" }, user: "bob" },
  ]);
  await write("/app/text", ["user=ann, method:GET /a, ms=5", "user=bob, method:POST /b, ms=15", "no such line"]);
  await write("/aws/lambda/f", [
    `START RequestId: ${REQUEST} Version: $LATEST\n`,
    `2026-01-01T00:00:00.000Z\t${REQUEST}\tINFO\thello`,
    `REPORT RequestId: ${REQUEST}\tDuration: 12.50 ms\tBilled Duration: 13 ms\tMemory Size: 128 MB\tMax Memory Used: 64 MB\tInit Duration: 90.10 ms\t\n`,
  ]);
});
afterAll(() => home.close());

/** One event a minute, the first at NOW - 10 minutes. */
async function write(logGroupName: string, messages: readonly (string | object)[]): Promise<void> {
  const names = { logGroupName, logStreamName: "s" };
  await client.send(new CreateLogGroupCommand({ logGroupName }));
  await client.send(new CreateLogStreamCommand(names));
  const logEvents = messages.map((message, index) => ({
    timestamp: NOW - 600_000 + index * 60_000,
    message: typeof message === "string" ? message : JSON.stringify(message),
  }));
  await client.send(new PutLogEventsCommand({ ...names, logEvents }));
}

const asked = (queryString: string, more: Partial<StartQueryCommandInput> = {}): StartQueryCommandInput => ({
  logGroupName: "/app/json",
  startTime: NOW / 1000 - 3600,
  endTime: NOW / 1000,
  queryString,
  ...more,
});

async function ended(queryId: string | undefined) {
  for (;;) {
    const answer = await client.send(new GetQueryResultsCommand({ queryId }));
    if (answer.status !== "Scheduled" && answer.status !== "Running") return answer;
  }
}

async function run(queryString: string, more?: Partial<StartQueryCommandInput>) {
  return ended((await client.send(new StartQueryCommand(asked(queryString, more)))).queryId);
}

/** The rows as objects, without pointers. */
async function rows(queryString: string, more?: Partial<StartQueryCommandInput>) {
  const { results = [] } = await run(queryString, more);
  return results.map((row) =>
    Object.fromEntries(row.filter(({ field }) => field !== "@ptr").map(({ field = "", value }) => [field, value])),
  );
}

describe("a query of log events", () => {
  it("answers the newest first, time and message where it names no fields, each with a pointer to its event", async () => {
    const { results = [], status, statistics } = await run("limit 1");
    expect(status).toBe("Complete");
    expect(results[0]?.map(({ field }) => field)).toEqual(["@timestamp", "@message", "@ptr"]);
    expect(results[0]?.[0]?.value).toBe(new Date(NOW - 420_000).toISOString().replace("T", " ").replace("Z", ""));
    expect(statistics).toMatchObject({ recordsScanned: 1, recordsMatched: 1 });
    const logRecordPointer = results[0]?.[2]?.value;
    const { logRecord } = await client.send(new GetLogRecordCommand({ logRecordPointer }));
    expect(logRecord).toMatchObject({ "@logStream": "s", "@log": "000000000000:/app/json" });
    expect(JSON.parse(logRecord?.["@message"] ?? "")).toMatchObject({ ms: 70.123456 });
  });

  it.each([
    ["fields ms | filter level = 'ERROR'", ["50", "30"]],
    ['fields ms | filter fn.name = "gate" and ms > 40', ["50"]],
    ["fields ms | filter level != 'ERROR' or ms = 30", ["70.1235", "30", "10"]],
    ["fields ms | filter not (level = 'ERROR') and ms < 11", ["10"]],
    ["fields ms | filter cold = 1", ["10"]],
    ["fields ms | filter cold = true", ["10"]],
    ["fields ms | filter tags.1 = 'b'", ["30"]],
    ["fields ms | filter `dotted.key` = 1", ["30"]],
    ['fields ms | filter @message like /(?i)"LEVEL":"err/ | sort ms asc', ["30", "50"]],
    ["fields ms | filter fn.name like 'ift'", ["70.1235", "10"]],
    ["fields ms | filter fn.name not like /^g/", ["70.1235", "10"]],
    ["fields ms | filter level =~ /RR/", ["50", "30"]],
    ["fields ms | filter user in ['bob', 'eve']", ["70.1235"]],
    ['fields ms | filter user not in ["bob"]', ["50", "30", "10"]],
    ["fields ms | filter ispresent(user) | sort user, ms desc", ["50", "10", "70.1235"]],
    ["fields ms # the time\n| filter ms >= 50 # slow\n| limit 1", ["70.1235"]],
    ["fields ms | dedup user", ["70.1235", "50", "30"]],
    ["fields ms | sort @timestamp asc | limit 2", ["10", "30"]],
    ["fields ms / 2 + 2 ^ 2 as ms | filter fn.name = 'gate' | sort ms", ["19", "29"]],
  ])("%s", async (query, expected) => {
    expect((await rows(query)).map(({ ms }) => ms)).toEqual(expected);
  });

  it("computes fields, and shows what display says", async () => {
    const query =
      "fields concat(level, ':', toupper(fn.name)) as what, strlen(level) as long, substr(level, 1, 2) as part, coalesce(user, 'none') as who, bin(5m) as at | filter ms = 30 | display what, long, part, who, at";
    expect(await rows(query)).toEqual([
      {
        what: "ERROR:GATE",
        long: "5",
        part: "RR",
        who: "none",
        at: new Date(NOW - 600_000).toISOString().replace("T", " ").replace("Z", ""),
      },
    ]);
  });

  it("parses text by globs and by named groups", async () => {
    const logGroupName = "/app/text";
    const globs =
      "parse @message 'user=*, method:* /*, ms=*' as user, method, path, ms | filter ms > 4 | display user, method, path, ms";
    expect(await rows(globs, { logGroupName })).toEqual([
      { user: "bob", method: "POST", path: "b", ms: "15" },
      { user: "ann", method: "GET", path: "a", ms: "5" },
    ]);
    const named = "parse @message /user=(?<who>\\w+), method:(?<verb>[A-Z]+)/ | stats count(*) by verb | sort verb";
    expect(await rows(named, { logGroupName })).toEqual([
      { "count(*)": "1" },
      { verb: "GET", "count(*)": "1" },
      { verb: "POST", "count(*)": "1" },
    ]);
  });

  it("knows the lines that Lambda writes", async () => {
    const query =
      'filter @type = "REPORT" | fields @requestId, @duration, @billedDuration, @initDuration, @memorySize / 1000 / 1000 as memory, @maxMemoryUsed';
    expect(await rows(query, { logGroupName: "/aws/lambda/f" })).toEqual([
      {
        "@requestId": REQUEST,
        "@duration": "12.5",
        "@billedDuration": "13",
        "@initDuration": "90.1",
        memory: "128",
        "@maxMemoryUsed": "64000000",
      },
    ]);
    expect(await rows("stats count(*) as n by @requestId", { logGroupName: "/aws/lambda/f" })).toEqual([
      { "@requestId": REQUEST, n: "3" },
    ]);
  });

  it("reads several groups in one order, and the range to its last second", async () => {
    const more = { logGroupName: undefined, logGroupNames: ["/app/json", "/app/text"] };
    const found = await rows("fields @timestamp, @log", more);
    expect(found).toHaveLength(7);
    expect(found.map((row) => row["@timestamp"])).toEqual(
      found
        .map((row) => row["@timestamp"])
        .sort()
        .reverse(),
    );
    const first = NOW / 1000 - 600;
    expect(await rows("fields ms", { startTime: first, endTime: first })).toEqual([{ ms: "10" }]);
    expect(await rows("fields ms", { startTime: NOW - 600_000, endTime: NOW - 540_000 })).toHaveLength(2);
    expect(await rows("fields ms", { limit: 3 })).toHaveLength(3);
  });
});

describe("stats", () => {
  it.each([
    [
      "stats count(*), count(user), sum(ms), avg(ms), min(ms), max(ms)",
      [
        {
          "count(*)": "4",
          "count(user)": "3",
          "sum(ms)": "160.1235",
          "avg(ms)": "40.0309",
          "min(ms)": "10",
          "max(ms)": "70.1235",
        },
      ],
    ],
    [
      "stats pct(ms, 50) as p50, count_distinct(user) as users, stddev(ms) as sd, latest(ms) as last, earliest(ms) as first",
      [{ p50: "40", users: "2", sd: "22.4021", last: "70.1235", first: "10" }],
    ],
    [
      "stats sum(ms) / count(*) as mean by level | sort level",
      [
        { level: "ERROR", mean: "40" },
        { level: "INFO", mean: "40.0617" },
      ],
    ],
    [
      "stats count(*) by fn.name | sort count(*) desc, fn.name",
      [
        { "fn.name": "drift", "count(*)": "2" },
        { "fn.name": "gate", "count(*)": "2" },
      ],
    ],
    ["stats max(ms) as most by fn.name | stats sum(most) as total", [{ total: "120.1235" }]],
    ["filter level = 'NONE' | stats count(*) as n", [{ n: "0" }]],
  ])("%s", async (query, expected) => {
    expect(await rows(query)).toEqual(expected);
  });

  it("groups by time", async () => {
    const at = (ms: number) => new Date(ms).toISOString().replace("T", " ").replace("Z", "");
    expect(await rows("stats count(*) as n by bin(2m) as t | sort t")).toEqual([
      { t: at(NOW - 600_000), n: "2" },
      { t: at(NOW - 480_000), n: "2" },
    ]);
    expect(await rows("stats count(*) as n by bin(1h)")).toHaveLength(1);
  });
});

describe("a query that cannot run", () => {
  it.each([
    ["fields ms\n| pattern @message", /^line 2: the command pattern is not built/],
    ["fields ms |\n\n filter", /^line 3: expected a value, found the end of the query/],
    ["fields nothing(ms)", /^line 1: the function nothing is not built/],
    ["fields constructor(ms)", /^line 1: the function constructor is not built/],
    ["filter count(*) > 1", /^line 1: count is a function of many events/],
    ["limit 10001", /^line 1: limit takes a whole number from 1 to 10000/],
    ["parse @message 'a=* b=*' as a", /2 places \(\*\), and 1 names/],
    ["filter @message like /(/", /regular expression \/\(\/ cannot be read/],
    ["stats count(*) by bin(5 fortnights)", /expected a period such as 5m/],
    ["fields ms filter ms", /expected \| or the end of the query, found filter/],
    [`filter ${"(".repeat(500)}1${")".repeat(500)}`, /nest up to 100 levels/],
    ["", /expected a command/],
  ])("is refused with its line: %s", async (queryString, message) => {
    await expect(client.send(new StartQueryCommand(asked(queryString)))).rejects.toMatchObject({
      name: "MalformedQueryException",
      message,
      queryCompileError: { location: { startCharOffset: expect.any(Number) } },
    });
  });

  it("is refused for a group that is not there, and for times the wrong way round", async () => {
    const start = (more: Partial<StartQueryCommandInput>) =>
      expect(client.send(new StartQueryCommand(asked("limit 1", more)))).rejects;
    await start({ logGroupName: "/none" }).toMatchObject({ name: "ResourceNotFoundException" });
    await start({ startTime: NOW, endTime: NOW - 1 }).toMatchObject({ name: "InvalidParameterException" });
    await start({ queryLanguage: "SQL" }).toMatchObject({ name: "InvalidParameterException" });
  });
});

describe("queries", () => {
  it("are listed, and can be read after the home was opened again", async () => {
    const { queryId } = await client.send(new StartQueryCommand(asked("stats count(*) as n")));
    await ended(queryId);
    await expect(client.send(new StopQueryCommand({ queryId }))).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
    await home.close();
    await open();
    expect((await ended(queryId)).results).toEqual([[{ field: "n", value: "4" }]]);
    const { queries } = await client.send(new DescribeQueriesCommand({ logGroupName: "/app/json", maxResults: 1 }));
    expect(queries).toMatchObject([{ queryId, status: "Complete", queryString: "stats count(*) as n" }]);
    await expect(client.send(new GetQueryResultsCommand({ queryId: "none" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
  });

  it("are kept by name, from clients and templates", async () => {
    const given = { name: "of/client", queryString: "limit 1", logGroupNames: ["/app/json"] };
    const { queryDefinitionId } = await client.send(new PutQueryDefinitionCommand(given));
    await client.send(new PutQueryDefinitionCommand({ ...given, queryDefinitionId, queryString: "limit 2" }));
    const type = home.resourceTypes.get("AWS::Logs::QueryDefinition");
    const context = { stackName: "s", logicalId: "L", generateName: () => "n" };
    await type?.create({ Name: "of/template", QueryString: "limit 3" }, context);
    const listed = async (queryDefinitionNamePrefix: string) =>
      (await client.send(new DescribeQueryDefinitionsCommand({ queryDefinitionNamePrefix }))).queryDefinitions;
    expect(await listed("of/")).toMatchObject([
      { ...given, queryDefinitionId, queryString: "limit 2" },
      { name: "of/template", queryString: "limit 3", logGroupNames: [] },
    ]);
    await client.send(new DeleteQueryDefinitionCommand({ queryDefinitionId }));
    expect(await listed("of/client")).toEqual([]);
  });
});

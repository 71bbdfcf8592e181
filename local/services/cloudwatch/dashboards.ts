/** Dashboards: bodies kept and answered; the console draws its own. */
import type * as CloudWatch from "@aws-sdk/client-cloudwatch";
import { AwsError } from "../../aws-error.ts";
import type { HomePorts, Operations } from "../../define-service.ts";

export interface Dashboards {
  put(name: string, body: string): void;
  drop(name: string): boolean;
  operations: Operations<typeof CloudWatch>;
}

export function dashboards(home: HomePorts): Dashboards {
  const sql = {
    one: home.store.prepare("SELECT * FROM cloudwatch_dashboards WHERE name = ?"),
    all: home.store.prepare("SELECT * FROM cloudwatch_dashboards ORDER BY name"),
    put: home.store.prepare("INSERT OR REPLACE INTO cloudwatch_dashboards VALUES (?, ?, ?)"),
    drop: home.store.prepare("DELETE FROM cloudwatch_dashboards WHERE name = ?"),
  };
  const arn = (name: string) => `arn:aws:cloudwatch::${home.accountId}:dashboard/${name}`;
  const put = (name: string, body: string) => {
    sql.put.run(name, body, home.clock.now());
  };
  const drop = (name: string) => sql.drop.run(name) > 0;
  const one = ({ DashboardName = "" }: { DashboardName?: string | undefined }) => ({ resource: arn(DashboardName) });
  return {
    put,
    drop,
    operations: {
      PutDashboard: {
        authorize: one,
        handle: ({ DashboardName = "", DashboardBody = "" }) => {
          put(DashboardName, DashboardBody);
          return { DashboardValidationMessages: [] };
        },
      },
      GetDashboard: {
        authorize: one,
        handle: ({ DashboardName = "" }) => {
          const row = sql.one.get(DashboardName);
          if (!row) throw missing(DashboardName);
          return { DashboardArn: arn(DashboardName), DashboardName, DashboardBody: String(row.body) };
        },
      },
      ListDashboards: {
        handle: ({ DashboardNamePrefix = "" }) => ({
          DashboardEntries: sql.all
            .all()
            .map((row) => ({
              name: String(row.name),
              size: Buffer.byteLength(String(row.body)),
              atMs: Number(row.modified_ms),
            }))
            .filter(({ name }) => name.startsWith(DashboardNamePrefix))
            .map(({ name, size, atMs }) => ({
              DashboardName: name,
              DashboardArn: arn(name),
              LastModified: new Date(atMs),
              Size: size,
            })),
        }),
      },
      DeleteDashboards: {
        authorize: ({ DashboardNames = [] }) => DashboardNames.map((name) => ({ resource: arn(name) })),
        handle: ({ DashboardNames = [] }) => {
          const unknown = DashboardNames.find((name) => !sql.one.get(name));
          if (unknown !== undefined) throw missing(unknown);
          for (const name of DashboardNames) drop(name);
          return {};
        },
      },
    },
  };
}

const missing = (name: string) => new AwsError("ResourceNotFound", `Dashboard ${name} does not exist`, { status: 404 });

/** A product unlike the credit one, as a stranger might bring it: CSV with quotes, decimals, gaps, text with commas. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomOf } from "./seeded-random.ts";

const PLANS = ["Basic, monthly", "Basic, yearly", 'Family "Plus", monthly', "Student"];
const REGIONS = ["N", "S", "W"];
const MODEL = "churn";

const CURATION = {
  format: 1,
  columns: [
    { name: "plan", sources: ["Subscribed plan"], type: "text" },
    { name: "region", type: "categorical", values: { N: "north", S: "south, islands", W: "west" } },
    { name: "balance", sources: ["Balance (EUR)"], type: "number", min: -10_000, max: 10_000 },
    { name: "tenure_months", type: "integer", min: 0, max: 600 },
    { name: "support_calls", type: "integer", min: 0, max: 1000, missing: ["NA"] },
    { name: "rating", type: "number", min: 0, max: 5, missing: [] },
    { name: "churned", type: "categorical", values: { yes: "leaves", no: "stays" } },
  ],
  quality: {
    minRows: 100,
    maxRows: 100_000,
    maxBytes: 10_000_000,
    maxFieldLength: 200,
    minKnownColumns: 0.5,
    maxUnreadableRows: 0.1,
    minShareOfCurrentRows: 0.5,
  },
};

/** Steps 2 and 3 of the how-to, in the copy `folder`: `model.ts`, `query.sql`, `curation.json`. */
export function describeChurn(folder: string): void {
  edit(folder, "model.ts", [
    ['name: "credit-risk"', `name: "${MODEL}"`],
    ['database: "credit-card", table: "credit_card"', 'database: "subscriptions", table: "subscriptions"'],
    ['label: "credit_risk"', 'label: "churned"'],
    ["{ max_depth: 4 }", '{ max_depth: 3, positive_label: "leaves" }'],
  ]);
  writeFileSync(
    join(folder, "query.sql"),
    "SELECT plan, region, balance, tenure_months, support_calls, rating, churned FROM subscriptions\n",
  );
  writeFileSync(join(folder, "curation.json"), JSON.stringify(CURATION));
}

/** Replaces texts of a file. @throws Error when one of them is not in it */
export function edit(folder: string, file: string, replacements: readonly (readonly [string, string])[]): void {
  let text = readFileSync(join(folder, file), "utf8");
  for (const [from, to] of replacements) {
    if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
    text = text.replace(from, () => to);
  }
  writeFileSync(join(folder, file), text);
}

/** Rows as a producer's system exports them; who is in debt, calls often or has been here briefly leaves more often. */
export function subscriptions(folder: string, name: string, { rows, balance = 0 }: { rows: number; balance?: number }) {
  const random = randomOf(7);
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)];
  const lines = Array.from({ length: rows }, () => {
    const [plan, region, calls, tenure] = [pick(PLANS), pick(REGIONS), Math.floor(random() * 9), random() * 60];
    const money = random() * 400 - 200;
    const risk = calls / 3 - tenure / 20 - money / 80 + (plan === "Student" ? 1.5 : 0) + (random() - 0.5) * 2;
    const support = random() < 0.1 ? "NA" : String(calls);
    const rating = random() < 0.3 ? "" : (random() * 5).toFixed(1);
    const cells = [
      plan?.includes(",") ? `"${plan.replaceAll('"', '""')}"` : plan,
      region,
      (money + balance).toFixed(2),
      Math.round(tenure),
    ];
    return [...cells, support, rating, risk > 0 ? "yes" : "no"].join(",");
  });
  const header = "Subscribed plan,Region,Balance (EUR),Tenure_months,Support_calls,Rating,Churned";
  const file = join(folder, name);
  writeFileSync(file, `${[header, ...lines].join("\r\n")}\r\n`);
  return file;
}

import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterEach, beforeEach, expect, it } from "vitest";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { type FunctionHome, openFunctionHome } from "./function-home.ts";

let project: string;
let functions: FunctionHome;

beforeEach(async () => {
  project = temporaryFolder("project");
  writeFileSync(join(project, "package.json"), JSON.stringify({ type: "module" }));
  functions = await openFunctionHome([], join(project, ".tidemill"));
});
afterEach(async () => {
  await functions.close();
});

it.each([
  { system: "CommonJS", source: "exports.handler = async () => 'ran';" },
  { system: "ES module", source: "export const handler = async () => 'ran';" },
])("runs $system source in a home inside of a project of ES modules", async ({ source }) => {
  await functions.putFunction("fn", source);
  const client = new LambdaClient(functions.home.clientConfig());
  const { Payload } = await client.send(new InvokeCommand({ FunctionName: "fn" }));
  expect(Buffer.from(Payload ?? []).toString()).toBe('"ran"');
});

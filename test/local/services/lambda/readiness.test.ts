import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect, it, vi } from "vitest";
import { openHome } from "../../../../local/home.ts";
import { lambda } from "../../../../local/services/lambda/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

const ROLE = "arn:aws:iam::000000000000:role/runner";

it("a dry run has the function loaded, and does not run it", async () => {
  const directory = temporaryFolder("lambda");
  const notes = join(directory, "notes");
  mkdirSync(notes);
  const home = await openHome({ directory: join(directory, "home"), services: [lambda], prepare: true });
  const Statement = [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }];
  home.ports.policies.setRoleSource((roleArn) => ({ roleArn, policies: [], trust: { Statement } }));
  const note = (name: string) => `require("node:fs").writeFileSync(${JSON.stringify(join(notes, name))}, "");`;
  const ZipFile = `${note("loaded")} exports.handler = () => { ${note("ran")} };`;
  const properties = { FunctionName: "f", Role: ROLE, Handler: "index.handler", Runtime: "nodejs24.x" };
  const context = { stackName: "stack", logicalId: "F", generateName: () => "f" };
  await home.resourceTypes.get("AWS::Lambda::Function")?.create({ ...properties, Code: { ZipFile } }, context);
  await home.start();
  const client = new LambdaClient(home.clientConfig());
  await client.send(new InvokeCommand({ FunctionName: "f", InvocationType: "DryRun" }));
  await vi.waitFor(() => expect(existsSync(join(notes, "loaded"))).toBe(true), { timeout: 10_000 });
  expect(existsSync(join(notes, "ran"))).toBe(false);
  client.destroy();
  await home.close();
});

import {
  DeleteParameterCommand,
  GetParameterCommand,
  GetParametersByPathCommand,
  GetParametersCommand,
  PutParameterCommand,
  SSMClient,
} from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Home, openHome } from "../../../../local/home.ts";
import { ssm } from "../../../../local/services/ssm/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";

let home: Home;
let client: SSMClient;
beforeAll(async () => {
  home = await openHome({ directory: temporaryFolder("ssm"), services: [ssm] });
  client = new SSMClient(home.clientConfig());
});
afterAll(() => home.close());

describe("SSM Parameter Store through its own client", () => {
  it("shows a secret to those who ask for decryption, and something else to others", async () => {
    await client.send(new PutParameterCommand({ Name: "/secrets/key", Value: "s3cret", Type: "SecureString" }));
    const read = async (more: object) => [
      (await client.send(new GetParameterCommand({ Name: "/secrets/key", ...more }))).Parameter?.Value,
      (await client.send(new GetParametersCommand({ Names: ["/secrets/key"], ...more }))).Parameters?.[0]?.Value,
      (await client.send(new GetParametersByPathCommand({ Path: "/secrets", ...more }))).Parameters?.[0]?.Value,
    ];
    expect(await read({ WithDecryption: true })).toEqual(["s3cret", "s3cret", "s3cret"]);
    const veiled = await read({});
    expect(new Set(veiled).size).toBe(1);
    expect(veiled[0]).not.toContain("s3cret");
  });

  it("writes versions, reads the latest or a named one, and emits the change", async () => {
    const heard: unknown[] = [];
    home.ports.listen((event) => heard.push([event["detail-type"], event.detail, event.resources]));
    await client.send(new PutParameterCommand({ Name: "/app/a", Value: "1", Type: "String" }));
    const second = await client.send(new PutParameterCommand({ Name: "/app/a", Value: "2", Overwrite: true }));
    expect(second.Version).toBe(2);
    const { Parameter } = await client.send(new GetParameterCommand({ Name: "/app/a" }));
    expect(Parameter).toMatchObject({
      Value: "2",
      Version: 2,
      ARN: "arn:aws:ssm:us-east-1:000000000000:parameter/app/a",
    });
    expect(Parameter?.LastModifiedDate).toBeInstanceOf(Date);
    const old = await client.send(new GetParameterCommand({ Name: "/app/a:1" }));
    expect(old.Parameter).toMatchObject({ Value: "1", Selector: ":1" });
    expect(heard[1]).toEqual([
      "Parameter Store Change",
      { operation: "Update", name: "/app/a", type: "String" },
      ["arn:aws:ssm:us-east-1:000000000000:parameter/app/a"],
    ]);
  });

  it("refuses to overwrite unasked, and a value over 4 KB", async () => {
    await client.send(new PutParameterCommand({ Name: "twice", Value: "1", Type: "String" }));
    await expect(
      client.send(new PutParameterCommand({ Name: "twice", Value: "2", Type: "String" })),
    ).rejects.toMatchObject({
      name: "ParameterAlreadyExists",
    });
    await expect(
      client.send(new PutParameterCommand({ Name: "long", Value: "x".repeat(4097), Type: "String" })),
    ).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("pages below a path, one level or all, and tells names that are not there", async () => {
    for (const name of ["/p/a", "/p/b", "/p/deep/c"]) {
      await client.send(new PutParameterCommand({ Name: name, Value: name, Type: "String" }));
    }
    const flat = await client.send(new GetParametersByPathCommand({ Path: "/p" }));
    expect(flat.Parameters?.map(({ Name }) => Name)).toEqual(["/p/a", "/p/b"]);
    const first = await client.send(new GetParametersByPathCommand({ Path: "/p", Recursive: true, MaxResults: 2 }));
    const rest = await client.send(
      new GetParametersByPathCommand({
        Path: "/p",
        Recursive: true,
        ...(first.NextToken ? { NextToken: first.NextToken } : {}),
      }),
    );
    expect(rest.Parameters?.map(({ Name }) => Name)).toEqual(["/p/deep/c"]);
    const some = await client.send(new GetParametersCommand({ Names: ["/p/a", "/no"] }));
    expect(some.InvalidParameters).toEqual(["/no"]);
  });

  it("answers ParameterNotFound after a delete", async () => {
    await client.send(new PutParameterCommand({ Name: "gone", Value: "1", Type: "String" }));
    await client.send(new DeleteParameterCommand({ Name: "gone" }));
    await expect(client.send(new GetParameterCommand({ Name: "gone" }))).rejects.toMatchObject({
      name: "ParameterNotFound",
    });
  });

  it("makes AWS::SSM::Parameter, and refuses a property it does not act on", async () => {
    const type = home.resourceTypes.get("AWS::SSM::Parameter");
    const context = { stackName: "app", logicalId: "P", generateName: () => "app-P-X" };
    const made = await type?.create({ Type: "String", Value: "v" }, context);
    expect(made).toEqual({ physicalId: "app-P-X", attributes: { Value: "v", Type: "String" } });
    expect(() => type?.create({ Type: "String", Value: "v", Policies: "[]" }, context)).toThrow(
      /AWS::SSM::Parameter.*Policies/,
    );
  });
});

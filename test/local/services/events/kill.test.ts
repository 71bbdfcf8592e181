import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openHome } from "../../../../local/home.ts";
import { events } from "../../../../local/services/events/index.ts";
import { temporaryFolder } from "../../../temporary-folder.ts";
import { standInLambda } from "../../stand-in-services.ts";

describe("an acknowledged event", () => {
  it("B1: is delivered by the next process when the one that took it is killed", async () => {
    const directory = temporaryFolder("kill");
    const child = spawn(process.execPath, [join(import.meta.dirname, "put-and-hang.ts"), directory], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [output] = await once(child.stdout, "data");
    const id = String(output).trim().split(" ")[1];
    child.kill("SIGKILL");
    await once(child, "exit");

    const delivered = Promise.withResolvers<string>();
    const lambda = standInLambda({
      authorize: () => [],
      handle({ Payload }) {
        delivered.resolve(new TextDecoder().decode(Payload instanceof Uint8Array ? Payload : undefined));
        return { StatusCode: 202 };
      },
    });
    const home = await openHome({ directory, services: [events, lambda] });
    await home.start();
    expect(JSON.parse(await delivered.promise)).toMatchObject({ id, detail: { order: "survives" } });
    await home.close();
  });
});

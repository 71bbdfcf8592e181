/** Disturbances of the default bus, switched by `tidemill up --chaos`: kept in the home as the bus's tag, which AWS lets have no commas. */
import { z } from "zod";
import type { Home } from "../local/index.ts";
import { CommandFailure } from "./failure.ts";
import type { Terminal } from "./terminal.ts";

const TAG = "tidemill:chaos";
const OFF = "off";
const Tagged = z.object({ Tags: z.array(z.object({ Key: z.string(), Value: z.string() })) });

/**
 * Sets, ends or tells of the default bus's disturbances; called before the home starts, no delivery escapes them.
 * @param settings such as `seed=7,duplicate=0.3`; `off` ends them; undefined leaves them as they are
 * @throws CommandFailure usage: the settings mean nothing
 */
export async function disturbBus(home: Home, settings: string | undefined, terminal: Terminal): Promise<void> {
  const { AwsError } = await import("../local/index.ts");
  const { region, accountId, ports } = home;
  const ResourceARN = `arn:aws:events:${region}:${accountId}:event-bus/default`;
  const call = (operation: string, input: object) =>
    ports.call("events", operation, { ResourceARN, ...input }, { kind: "home", accountId });
  try {
    if (settings === OFF) await call("UntagResource", { TagKeys: [TAG] });
    else if (settings !== undefined)
      await call("TagResource", { Tags: [{ Key: TAG, Value: settings.replaceAll(",", " ") }] });
  } catch (thrown) {
    if (thrown instanceof AwsError) throw new CommandFailure(2, `--chaos ${settings}: ${thrown.message}`);
    throw thrown;
  }
  const { Tags } = Tagged.parse(await call("ListTagsForResource", {}));
  const kept = Tags.find(({ Key }) => Key === TAG)?.Value;
  if (kept !== undefined)
    terminal.line(`the default bus is disturbed: ${kept}; \`npx tidemill up --chaos ${OFF}\` ends it`);
}

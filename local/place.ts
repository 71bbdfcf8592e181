/** A home's account and region: chosen when it is made, and kept, for ARNs and templates hold them. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const Place = z.object({ accountId: z.string(), region: z.string() });
export type Place = z.infer<typeof Place>;

const DEFAULT: Place = { accountId: "000000000000", region: "us-east-1" };

/** The place of the home in `directory`: as it was made, else as `wanted` of one that is new. */
export function placeOf(directory: string, wanted: { [key in keyof Place]?: string | undefined }): Place {
  const file = join(directory, "place.json");
  if (existsSync(file)) return Place.parse(JSON.parse(readFileSync(file, "utf8")));
  const place = {
    accountId: wanted.accountId ?? DEFAULT.accountId,
    region: wanted.region ?? DEFAULT.region,
  };
  // One that was made before homes kept it is at the default place.
  if (existsSync(join(directory, "home.db"))) return DEFAULT;
  writeFileSync(file, `${JSON.stringify(place)}\n`);
  return place;
}

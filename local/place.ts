/** A home's account and region: chosen when it is made, and kept, for ARNs and templates hold them. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { HomeFileError } from "./home-file-error.ts";

const Place = z.object({ accountId: z.string().regex(/^\d{12}$/), region: z.string().min(1) });
export type Place = z.infer<typeof Place>;

const DEFAULT: Place = { accountId: "000000000000", region: "us-east-1" };

/** The place of the home in `directory`: as it was made, else as `wanted` of one that is new. @throws HomeFileError */
export function placeOf(directory: string, wanted: { [key in keyof Place]?: string | undefined }): Place {
  const file = join(directory, "place.json");
  if (existsSync(file)) return readPlace(file);
  // One that was made before homes kept it is at the default place.
  if (existsSync(join(directory, "home.db"))) return DEFAULT;
  const { accountId = DEFAULT.accountId, region = DEFAULT.region } = wanted;
  const place = { accountId, region };
  writeFileSync(file, `${JSON.stringify(place)}\n`);
  return place;
}

function readPlace(file: string): Place {
  try {
    return Place.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new HomeFileError(
      `${file} does not say the home's account and region; expected ${JSON.stringify(DEFAULT)} or where the home was made; put that there, or remove the home's folder to begin a new one`,
      { cause },
    );
  }
}
